import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type VariableName, variableNames, variables } from '../schema.js'

/** Variables whose value is a secret or may hold one. */
const secretNames = variableNames.filter(
  (name) => variables[name]['x-secret'] || variables[name]['x-password'],
)

interface FoundSecrets {
  /** What stands in files, by the variable whose value it is. */
  readonly values: Partial<Record<VariableName, string>>
  /** Each names the variable and what it wants. */
  readonly problems: readonly string[]
}

/**
 * Secrets that stand in files instead of the environment, which every child process and crash report gets: that of
 * NAME_FILE, or a credential of systemd that is called NAME (LoadCredential, in CREDENTIALS_DIRECTORY). A line break at
 * the end of a file is not part of its secret, and those within a list part its items. A variable that is given by itself goes before a credential.
 */
export function readSecretFiles(env: NodeJS.ProcessEnv): FoundSecrets {
  const values: Partial<Record<VariableName, string>> = {}
  const problems: string[] = []
  for (const name of secretNames) {
    const isGiven = Boolean(env[name])
    const file = env[`${name}_FILE`]
    if (file && isGiven) problems.push(`${name} and ${name}_FILE must not both be given`)
    else if (file) read(file, name)
    else if (!isGiven && env['CREDENTIALS_DIRECTORY'])
      read(join(env['CREDENTIALS_DIRECTORY'], name), name, { mayBeAbsent: true })
  }
  return { values, problems }

  function read(file: string, name: VariableName, { mayBeAbsent = false } = {}): void {
    try {
      const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '')
      const value = variables[name].type === 'array' ? text.replaceAll(/\r?\n/g, ',') : text
      // A file that is there is meant to hold something: without it the server would run as if nothing had been asked for.
      if (value === '') problems.push(`${name}_FILE must name a file with a secret in it: ${file} is empty`)
      else values[name] = value
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (mayBeAbsent && code === 'ENOENT') return
      problems.push(`${name}_FILE must name a file that can be read: ${file} (${code})`)
    }
  }
}
