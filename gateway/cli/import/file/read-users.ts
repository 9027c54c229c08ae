import { createReadStream } from 'node:fs'
import { CommandError } from '../../command/error.js'
import type { ReadLine, TellUnknown } from '../columns.js'
import { readCsv } from './read-csv.js'
import { readJsonLines } from './read-json-lines.js'
import { type Charset, readText } from './read-text.js'

export type ImportFormat = 'csv' | 'jsonl'

export interface FileReading {
  readonly format: ImportFormat
  readonly charset: Charset
  readonly unknown: TellUnknown
}

/**
 * Reads users line by line, however long the file is; `-` is standard input. Line numbers count from 1. Throws
 * CommandError for what is no such file; a named file is looked through first, so that nothing of it is taken then.
 */
export async function* readUsers(file: string, reading: FileReading): AsyncIterable<ReadLine> {
  const lines = (from: FileReading) => readLines(file === '-' ? process.stdin : readBytes(file), from)
  if (file !== '-') for await (const _ of lines({ ...reading, unknown: () => {} })) continue
  yield* lines(reading)
}

function readLines(
  bytes: AsyncIterable<Buffer>,
  { format, charset, unknown }: FileReading,
): AsyncIterable<ReadLine> {
  const text = readText(bytes, charset)
  return format === 'csv' ? readCsv(text, unknown) : readJsonLines(text, unknown)
}

async function* readBytes(file: string): AsyncIterable<Buffer> {
  try {
    yield* createReadStream(file) as AsyncIterable<Buffer>
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    throw new CommandError(`${file} can't be read: ${reasons[code] ?? code}`)
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EISDIR: 'it is a folder',
  EACCES: 'its permissions forbid it',
}
