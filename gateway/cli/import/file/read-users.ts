import { createReadStream } from 'node:fs'
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
  const { format, charset } = reading
  const bytes = () => (file === '-' ? process.stdin : createReadStream(file)) as AsyncIterable<Buffer>
  if (file !== '-') for await (const _ of readText(bytes(), charset)) continue
  const text = readText(bytes(), charset)
  yield* format === 'csv' ? readCsv(text, reading.unknown) : readJsonLines(text, reading.unknown)
}
