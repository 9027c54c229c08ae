import { readFileSync } from 'node:fs'
import { CommandError, UsageError } from '../command/error.js'
import { readSecret } from '../command/secret-input.js'

/** Gathers the values of an option that may be given several times. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text]
}

/**
 * Secrets of applications by name, of options as `h5=SECRET`; of `h5=-` it is asked for.
 *
 * @throws UsageError for what is not name=text, CommandError for an empty secret
 */
export async function readSecrets(texts: readonly string[]): Promise<Map<string, string>> {
  const secrets = new Map<string, string>()
  for (const text of texts) {
    const at = text.indexOf('=')
    if (at < 1) throw new UsageError('--app-secret: it is written name=text, as h5=SECRET')
    const name = text.slice(0, at)
    const given = text.slice(at + 1)
    const secret = given === '-' ? await readSecret(`Secret of ${name}`) : given
    if (secret === '') throw new CommandError(`--app-secret: the secret of ${name} is empty`)
    secrets.set(name, secret)
  }
  return secrets
}

/** @throws CommandError for a file that can't be read or is no JSON */
export function readJsonFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new CommandError(`${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}
