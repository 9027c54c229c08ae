import { formatTime } from './time.js'

/** yyyy-MM-dd, yyyyMMdd, yyyy/MM/dd, each with or without HH:mm:ss (account.md §3). */
const written =
  /^(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{4})(\d{2})(\d{2})|(\d{4})\/(\d{1,2})\/(\d{1,2}))(?:[ T](\d{1,2}):(\d{2}):(\d{2}))?$/
/** Epoch milliseconds or seconds; eight digits are a date's own. */
const epoch = /^-?\d{9,15}$/
/** A smaller number counts seconds, from 1906 to 2033: as milliseconds it would lie in the first days of 1970. */
const leastMilliseconds = 2e9

/**
 * A date as callers write it, in the one form that is stored: `1971-01-01` or `1971-01-01 00:00:00`, in the server's
 * zone. A text that is no date stays as it is, for validation to refuse.
 */
export function readDate(text: string, format: string, timeZone: string): string {
  const moment = readWritten(text) ?? (epoch.test(text) ? formatTime(instantOf(text), timeZone) : undefined)
  if (moment === undefined) return text
  return format === 'date' ? moment.slice(0, 10) : moment
}

function instantOf(text: string): number {
  const number = Number(text)
  return Math.abs(number) < leastMilliseconds ? number * 1000 : number
}

function readWritten(text: string): string | undefined {
  const match = written.exec(text)
  if (!match) return undefined
  const [year, month, day] = [1, 2, 3].map((at) => match[at] ?? match[at + 3] ?? match[at + 6] ?? '')
  const [hour = '0', minute = '0', second = '0'] = match.slice(10)
  const fields = [year, month, day, hour, minute, second].map(Number)
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = fields
  const moment = new Date(0)
  // Date.UTC would take the year 50 for 1950.
  moment.setUTCFullYear(y, mo - 1, d)
  moment.setUTCHours(h, mi, s)
  // 31 February would be carried over into March.
  const isDay = y > 0 && moment.getUTCMonth() === mo - 1 && moment.getUTCDate() === d
  return isDay && h < 24 && mi < 60 && s < 60
    ? moment.toISOString().slice(0, 19).replace('T', ' ')
    : undefined
}

/** Whether a text is a real date in the form that `readDate` hands on. */
export function isDate(text: string, format: string): boolean {
  const moment = readWritten(text)
  return moment !== undefined && text === (format === 'date' ? moment.slice(0, 10) : moment)
}

/** A stored moment as the wire writes it; null for none, and for the zero date of old MySQL tables. */
export function describeMoment(stored: string | Date | null): string | null {
  if (!(stored instanceof Date)) return stored
  // MySQL's driver reads the zone's own time as UTC.
  return Number.isNaN(stored.getTime()) ? null : stored.toISOString().slice(0, 19).replace('T', ' ')
}

/** Beyond these, a zone's own time may have a year that is not of four digits. */
const earliestReadable = Date.UTC(1000, 0, 2)
const latestReadable = Date.UTC(9999, 11, 30)

/** A stored date or moment as milliseconds, read in a zone. */
export function parseMoment(text: string, timeZone: string): number {
  const wall = Date.parse(`${text.length === 10 ? `${text} 00:00:00` : text}Z`.replace(' ', 'T'))
  // Twice, as the first guess may stand on the other side of a change of the zone's offset.
  const offsetAt = (moment: number) => {
    const readable = Math.min(Math.max(moment, earliestReadable), latestReadable)
    return Date.parse(`${formatTime(readable, timeZone).replace(' ', 'T')}Z`) - readable
  }
  return wall - offsetAt(wall - offsetAt(wall))
}
