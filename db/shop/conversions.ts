import type { PhysicalForm } from './physical.js'
import type { ColumnKind } from './wanted.js'
import { instantOf, wallTime } from './zones.js'

type Convert = (value: unknown) => unknown

/** How values of a column are read and written; absent: as they are. */
export interface Conversion {
  readonly read?: Convert
  readonly write?: Convert
  /** SQL that makes milliseconds of the column, for SQL that computes with it. */
  readonly milliseconds?: (column: string) => string
}

/** No time, where a column must have one: the old server's own way (account-beside §6.1), and what a TIMESTAMP can hold. */
export const noTime = '1971-01-01 00:00:00'
export const noDate = '1971-01-01'
const lastOfNoTime = Date.UTC(1971, 0, 2)

/** How what we mean by a kind is kept in a form, in a zone. */
export function conversionOf(kind: ColumnKind, form: PhysicalForm, timeZone: string): Conversion {
  if (form === 'unsigned') return { read: readWhole }
  if (form === 'bit') return { read: readBit }
  if (form === 'digit') return { read: readDigit, write: writeDigit }
  if (kind === 'date') return { read: readDay, ...(form === 'day' ? {} : { write: writeDay }) }
  if (kind === 'moment') return momentConversion(form, timeZone)
  if (kind !== 'time') return {}
  if (form === 'seconds')
    return {
      read: (value) => {
        const found = readWhole(value)
        return typeof found === 'number' && found < 1e11 ? found * 1000 : found
      },
      write: (value) => (typeof value === 'number' ? Math.floor(value / 1000) : value),
      milliseconds: (column) => `${column} * 1000`,
    }
  if (form !== 'wall') return {}
  return {
    read: (value) => readTime(value, timeZone),
    write: (value) => writeTime(value, timeZone),
    milliseconds: (column) => `unix_timestamp(nullif(${column}, '${noTime}')) * 1000`,
  }
}

function momentConversion(form: PhysicalForm, timeZone: string): Conversion {
  if (form === 'wall') return { read: dateOrNull }
  const unit = form === 'seconds' ? 1000 : 1
  return {
    read: (value) =>
      typeof value === 'number' && value > 0
        ? new Date(Date.parse(`${wallTime(value * unit, timeZone).replace(' ', 'T')}Z`))
        : null,
    write: (value) => (typeof value === 'string' ? Math.floor(readText(value, timeZone) / unit) : value),
  }
}

function readBit(value: unknown): unknown {
  return Buffer.isBuffer(value) ? (value[0] ?? 0) : value
}

/** MySQL makes a decimal, which is text, of an unsigned number that SQL has mixed with a signed one (coalesce). */
function readWhole(value: unknown): unknown {
  return typeof value === 'string' ? Number(value) : value
}

function readDigit(value: unknown): unknown {
  return typeof value === 'string' ? Number(value === '1') : value
}

function writeDigit(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(Number(value)) : value
}

/** Zero dates of old rows are no date. */
function dateOrNull(value: unknown): unknown {
  return value instanceof Date && Number.isNaN(value.getTime()) ? null : value
}

function readDay(value: unknown): unknown {
  return dateOrNull(value)
}

function writeDay(value: unknown): unknown {
  return typeof value === 'string' && value.length === 10 ? `${value} 00:00:00` : value
}

/** The driver shows a zone's own time as if it were UTC's. What SQL has mixed with numbers is text. */
function readTime(value: unknown, timeZone: string): unknown {
  if (typeof value === 'string')
    return /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : readText(value, timeZone)
  if (!(value instanceof Date)) return value
  const wall = value.getTime()
  return Number.isNaN(wall) || wall < lastOfNoTime ? 0 : instantOf(wall, timeZone)
}

function readText(text: string, timeZone: string): number {
  const wall = Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`)
  return Number.isNaN(wall) || wall < lastOfNoTime ? 0 : instantOf(wall, timeZone)
}

function writeTime(value: unknown, timeZone: string): unknown {
  if (typeof value !== 'number') return value
  return value === 0 ? noTime : wallTime(value, timeZone)
}
