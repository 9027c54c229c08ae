import { InvalidArgumentError } from 'commander'
import { parseMoment, readDate } from '../../wire/dates.js'

const unitMilliseconds: ReadonlyMap<string, number> = new Map([
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])
const duration = /^(\d{1,6})([mhd])$/

/** What `readSince` takes, for the help of an option. */
export const sinceHelp = '2026-01-31, "2026-01-31 08:00:00", or 30m, 24h, 7d ago'

/** Checks a moment as an operator writes it; the zone and the clock are not known yet. */
export function readSince(text: string): string {
  if (!isMoment(text))
    throw new InvalidArgumentError('It must be a date such as 2026-01-31, or a time ago such as 24h or 7d.')
  return text
}

/** The same of a moment to come. */
export function readUntil(text: string): string {
  if (!isMoment(text))
    throw new InvalidArgumentError(
      'It must be a date such as 2026-01-31, or a time from now such as 24h or 7d.',
    )
  return text
}

/** Milliseconds of what `readSince` takes; a date is read in the server's zone. */
export function momentAgo(text: string, now: number, timeZone: string): number {
  return parseDuration(text, (milliseconds) => now - milliseconds) ?? parseDay(text, timeZone)
}

/** Milliseconds of what `readUntil` takes, likewise. */
export function momentAhead(text: string, now: number, timeZone: string): number {
  return parseDuration(text, (milliseconds) => now + milliseconds) ?? parseDay(text, timeZone)
}

function parseDuration(text: string, place: (milliseconds: number) => number): number | undefined {
  const [, count, unit = ''] = duration.exec(text) ?? []
  return count === undefined ? undefined : place(Number(count) * (unitMilliseconds.get(unit) ?? 0))
}

function parseDay(text: string, timeZone: string): number {
  return parseMoment(readDate(text, 'date-time', timeZone), timeZone)
}

function isMoment(text: string): boolean {
  return duration.test(text) || /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(readDate(text, 'date-time', 'UTC'))
}
