import { Readable } from 'node:stream'
import { createInterface } from 'node:readline'
import { CommandError } from '../../command/error.js'
import { type Fields, isImportColumn, type ReadLine, type TellUnknown } from '../columns.js'

/** Reads an object a line. */
export async function* readJsonLines(
  text: AsyncIterable<string>,
  unknown: TellUnknown,
): AsyncIterable<ReadLine> {
  const told = new Set<string>()
  let line = 0
  for await (const written of createInterface({
    input: Readable.from(text),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    line++
    if (written.trim() === '') continue
    if (line === 1 && written.trimStart().startsWith('['))
      throw new CommandError('the file is a JSON array; one object a line is wanted: jq -c ".[]" FILE')
    const read = readJsonLine(written, line)
    if ('fields' in read) {
      const others = Object.keys(read.fields).filter((name) => !isImportColumn(name) && !told.has(name))
      for (const name of others) told.add(name)
      if (others.length > 0) unknown(others)
    }
    yield read
  }
  if (line === 0) throw new CommandError('the file is empty')
}

function readJsonLine(text: string, line: number): ReadLine {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { line, problem: 'is no JSON' }
  }
  if (!isObject(value)) return { line, problem: 'is no JSON object' }
  const nested = Object.entries(value).find(
    ([name, field]) => isImportColumn(name.toLowerCase()) && isNested(field),
  )
  if (nested) return { line, problem: `${nested[0].toLowerCase()}: must be text or a number` }
  const addresses = value['addresses'] ?? []
  if (!Array.isArray(addresses) || !addresses.every(isObject))
    return { line, problem: 'addresses: must be a list of objects' }
  const list = addresses.map(readAddress)
  return { line, fields: readFields(value), ...(list.length > 0 && { addresses: list }) }
}

function isNested(value: unknown): boolean {
  return value !== null && typeof value === 'object'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return isNested(value) && !Array.isArray(value)
}

function readFields(value: Record<string, unknown>): Fields {
  const fields = Object.entries(value).filter(([, field]) => field !== null && !isNested(field))
  return Object.fromEntries(fields.map(([name, field]) => [name.toLowerCase(), String(field)]))
}

/** In a list of addresses, what they hold needs no prefix. */
function readAddress(value: Record<string, unknown>): Fields {
  const fields = Object.entries(readFields(value))
  return Object.fromEntries(fields.map(([name, text]) => [`address_${name.replace(/^address_/, '')}`, text]))
}
