import { readFileSync } from 'node:fs'
import { CommandError, UsageError } from '../command/error.js'
import { readSecretLines, type SecretSource } from '../command/secret-input.js'

/** Gathers the values of an option that may be given several times. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text]
}

export interface ComparisonSecrets {
  /** By application. */
  readonly apps: ReadonlyMap<string, string>
  /** The answers to what was asked besides. */
  readonly others: readonly string[]
}

/**
 * Secrets of applications, of options as `h5=SECRET`. What `questions` ask, then those of `h5=-`, is asked for at a
 * terminal; standard input holds a line for each, in that order.
 *
 * @throws UsageError for what is not name=text, CommandError for an empty secret or an input with other lines
 */
export async function readSecrets(
  texts: readonly string[],
  { questions = [], source }: { questions?: readonly string[]; source?: SecretSource } = {},
): Promise<ComparisonSecrets> {
  const apps = new Map(texts.map(nameAndText))
  const names = [...apps.keys()].filter((name) => apps.get(name) === '-')
  const asked = [...questions, ...names.map((name) => `Secret of ${name}`)]
  const answers = asked.length > 0 ? await readSecretLines(asked, source) : []
  for (const [place, name] of names.entries()) apps.set(name, answers[questions.length + place] ?? '')
  for (const [name, secret] of apps)
    if (secret === '') throw new CommandError(`--app-secret: the secret of ${name} is empty`)
  const others = answers.slice(0, questions.length)
  if (others.includes('')) throw new CommandError(`${questions[others.indexOf('')]}: it is empty`)
  return { apps, others }
}

function nameAndText(text: string): [name: string, text: string] {
  const at = text.indexOf('=')
  if (at < 1) throw new UsageError('--app-secret: it is written name=text, as h5=SECRET')
  return [text.slice(0, at), text.slice(at + 1)]
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
