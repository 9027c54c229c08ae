import { Readable } from 'node:stream'
import { type Options, parse } from 'csv-parse'
import { CommandError } from '../../command/error.js'
import { cellText, checkColumns, isImportColumn, type ReadLine, type TellUnknown } from '../columns.js'

const mostRecordCharacters = 1024 * 1024
/** What the rest of a file was taken for. */
const openQuote: readonly string[] = ['CSV_QUOTE_NOT_CLOSED', 'CSV_MAX_RECORD_SIZE']
const openQuoteProblem = (lastGood: number) =>
  `the file is no CSV: a quote is opened and never closed; it stands after line ${lastGood}`

const options: Options = {
  info: true,
  max_record_size: mostRecordCharacters,
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true,
  skip_empty_lines: true,
  skip_records_with_empty_values: true,
  skip_records_with_error: true,
}

const separators = [',', ';', '\t', '|']

/** Reads CSV, whose first line names the columns, with whatever separator that line has. */
export async function* readCsv(text: AsyncIterable<string>, unknown: TellUnknown): AsyncIterable<ReadLine> {
  // The parser reports skipped lines some records ahead.
  const skipped: ReadLine[] = []
  let lastGood = 0
  const pieces = text[Symbol.asyncIterator]()
  const { begin, head } = await readHead(pieces)
  const parser = parse({
    ...options,
    delimiter: separatorOf(head),
    from_line: /^sep=/i.test(head) ? 2 : 1,
    on_record: (record: string[], { lines }) => {
      lastGood = lines
      return record
    },
    on_skip: (error) => {
      const line = Number(error?.['lines'] ?? 0)
      if (error && openQuote.includes(error.code))
        parser.destroy(new CommandError(openQuoteProblem(lastGood)))
      skipped.push({ line, problem: 'is no CSV: a quote stands where none may' })
      return undefined
    },
  })
  Readable.from(after(begin, pieces))
    .on('error', (error) => parser.destroy(error))
    .pipe(parser)
  let columns: Columns | undefined
  for await (const { info, record } of parser as AsyncIterable<CsvRecord>) {
    yield* skipped.splice(0)
    if (columns) yield readRecord(columns, record, info.lines)
    else columns = readColumns(record, unknown)
  }
  yield* skipped
  if (!columns) throw new CommandError('the file is empty')
}

interface CsvRecord {
  readonly info: { readonly lines: number }
  readonly record: readonly string[]
}

interface Columns {
  readonly names: readonly string[]
}

/** The first line, and all that was read to find it. */
async function readHead(pieces: AsyncIterator<string>): Promise<{ begin: string; head: string }> {
  let begin = ''
  while (!/[^\s]\s*[\r\n]/.test(begin)) {
    const { done, value } = await pieces.next()
    if (done) break
    begin += value
  }
  const head = begin.trimStart().split(/[\r\n]/, 1)[0] ?? ''
  if (/^(?:insert into|create table|--|\/\*)/i.test(head))
    throw new CommandError('the file is an SQL dump; export the table as CSV')
  if (/^[[{]/.test(head)) throw new CommandError('the file is JSON: --format jsonl takes one object a line')
  return { begin, head }
}

async function* after(begin: string, pieces: AsyncIterator<string>): AsyncIterable<string> {
  yield begin
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value
}

function separatorOf(head: string): string {
  const told = /^sep=(.)/i.exec(head)?.[1]
  if (told !== undefined) return told
  const known = (separator: string) =>
    head.split(separator).filter((name) => isImportColumn(columnName(name.replaceAll('"', '')))).length
  return separators.toSorted((left, right) => known(right) - known(left))[0] ?? ','
}

function columnName(text: string): string {
  return text.trim().toLowerCase()
}

function readColumns(record: readonly string[], unknown: TellUnknown): Columns {
  const names = record.map(columnName)
  checkColumns(names)
  const others = names.filter((name) => name !== '' && !isImportColumn(name))
  if (others.length > 0) unknown(others)
  return { names }
}

function readRecord({ names }: Columns, record: readonly string[], lastLine: number): ReadLine {
  const line = lastLine - record.join('').split('\n').length + 1
  const surplus = record.slice(names.length).some((cell) => cell.trim() !== '')
  if (record.length < names.length || surplus)
    return { line, problem: 'is no CSV with the columns of the header' }
  const fields: [string, string][] = names.map((name, at) => [name, cellText(name, record[at] ?? '')])
  return { line, fields: Object.fromEntries(fields) }
}
