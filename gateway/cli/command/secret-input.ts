import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { CommandError } from './error.js'

/** A terminal or a pipe, and where a terminal's questions go. */
export interface SecretSource {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined }
  readonly output: NodeJS.WritableStream
}

/**
 * Reads a secret, as the shell's history and other users see the command line. A terminal is asked twice without
 * echo; any other input is read whole, without its last line end.
 *
 * @throws CommandError when nothing is entered, or two different answers
 */
export function readSecret(
  question: string,
  source: SecretSource = { input: process.stdin, output: process.stderr },
): Promise<string> {
  return source.input.isTTY ? askTwice(question, source) : readAll(source.input)
}

/**
 * Reads several secrets in their order: a terminal is asked for each, any other input holds a line each.
 *
 * @throws CommandError when nothing is entered, two answers differ, or an input has more or fewer lines
 */
export async function readSecretLines(
  questions: readonly string[],
  source: SecretSource = { input: process.stdin, output: process.stderr },
): Promise<string[]> {
  if (!source.input.isTTY) return linesOf(await readAll(source.input), questions)
  const secrets: string[] = []
  for (const question of questions) secrets.push(await askTwice(question, source))
  return secrets
}

function linesOf(text: string, questions: readonly string[]): string[] {
  const lines = text.split(/\r?\n/)
  if (lines.length === questions.length) return lines
  const given = lines.length === 1 ? '1 line was given' : `${lines.length} lines were given`
  throw new CommandError(
    `standard input: ${given}, and ${questions.length} are wanted: ${questions.join(', ')}`,
  )
}

/** All of an input as text, without its last line end. */
export async function readAll(input: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of input) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}

async function askTwice(question: string, { input, output }: SecretSource): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  // In terminal mode readline turns the echo off and allows corrections; its own output is discarded.
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 })
  lines.once('SIGINT', () => lines.close())
  const answers = lines[Symbol.asyncIterator]()
  const ask = async (text: string) => {
    output.write(text)
    const { done, value } = await answers.next()
    output.write('\n')
    if (done) throw new CommandError('nothing was entered, and nothing changed')
    return value
  }
  try {
    const secret = await ask(`${question}: `)
    if ((await ask(`${question} again: `)) === secret) return secret
  } finally {
    lines.close()
  }
  throw new CommandError('the two are not the same, and nothing changed')
}
