import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { parse } from 'csv-parse'

export type ImportFormat = 'csv' | 'jsonl'

/** A line of the file: its fields as text, or its problem. */
export type ReadLine = { readonly line: number } & (
  | { readonly fields: Readonly<Record<string, string>> }
  | { readonly problem: string }
)

/** Reads users line by line, however long the file is; `-` is standard input. Line numbers count from 1. */
export function readUsers(file: string, format: ImportFormat): AsyncIterable<ReadLine> {
  const input = file === '-' ? process.stdin : createReadStream(file)
  return format === 'csv' ? readCsv(input) : readJsonLines(input)
}

async function* readCsv(input: NodeJS.ReadableStream): AsyncIterable<ReadLine> {
  // The parser reports skipped lines between two records.
  const skipped: ReadLine[] = []
  const records = input.pipe(
    parse({
      columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()),
      bom: true,
      info: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      on_skip: (error) => {
        skipped.push({
          line: Number(error?.['lines'] ?? 0),
          problem: 'is no CSV with the columns of the header',
        })
        return undefined
      },
    }),
  )
  input.on('error', (error) => records.destroy(error))
  for await (const { info, record } of records as AsyncIterable<CsvRecord>) {
    yield* skipped.splice(0)
    yield { line: info.lines, fields: record }
  }
  yield* skipped
}

interface CsvRecord {
  readonly info: { readonly lines: number }
  readonly record: Record<string, string>
}

async function* readJsonLines(input: NodeJS.ReadableStream): AsyncIterable<ReadLine> {
  let line = 0
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++
    if (text.trim() !== '') yield readJsonLine(text, line)
  }
}

function readJsonLine(text: string, line: number): ReadLine {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { line, problem: 'is no JSON' }
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return { line, problem: 'is no JSON object' }
  const fields = Object.entries(value).filter(([, field]) => field !== null && typeof field !== 'object')
  return {
    line,
    fields: Object.fromEntries(fields.map(([name, field]) => [name.toLowerCase(), String(field)])),
  }
}
