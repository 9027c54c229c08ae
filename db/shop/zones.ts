import type { Knex } from 'knex'

const formats = new Map<string, Intl.DateTimeFormat>()

/** `yyyy-MM-dd HH:mm:ss` of an instant (ms) in a zone. */
export function wallTime(instant: number, timeZone: string): string {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  formats.set(timeZone, format)
  return format.format(instant)
}

const dayMilliseconds = 86_400_000

/** Offsets by the days (of UTC) on which they stay the same; null for the others. Rows are read by the million. */
const offsetsOfDays = new Map<string, Map<number, number | null>>()

/** How far a zone is before UTC at an instant, in milliseconds. */
export function offsetAt(instant: number, timeZone: string): number {
  const days = offsetsOfDays.get(timeZone) ?? new Map<number, number | null>()
  offsetsOfDays.set(timeZone, days)
  const day = Math.floor(instant / dayMilliseconds)
  let offset = days.get(day)
  if (offset === undefined) {
    offset = offsetOfDay(day, timeZone)
    days.set(day, offset)
  }
  return offset ?? findOffset(instant, timeZone)
}

function offsetOfDay(day: number, timeZone: string): number | null {
  const atBegin = findOffset(day * dayMilliseconds, timeZone)
  return atBegin === findOffset((day + 1) * dayMilliseconds, timeZone) ? atBegin : null
}

function findOffset(instant: number, timeZone: string): number {
  const second = Math.floor(instant / 1000) * 1000
  return Date.parse(`${wallTime(second, timeZone).replace(' ', 'T')}Z`) - second
}

/** The instant (ms) at which a zone's clocks show what UTC's show at `wall`. */
export function instantOf(wall: number, timeZone: string): number {
  // Twice, as the first guess may stand on the other side of a change of the zone's offset.
  return wall - offsetAt(wall - offsetAt(wall, timeZone), timeZone)
}

/**
 * What to set a connection's time zone to, so that a TIMESTAMP is shown in TIME_ZONE: its name where the database
 * knows it, else its distance from UTC where that never changes; undefined if neither is so.
 */
export async function sessionZone(db: Knex, timeZone: string): Promise<string | undefined> {
  const known: { shown: unknown } | undefined = await db
    .select(db.raw("convert_tz('2020-01-01 00:00:00', 'UTC', ?) as shown", [timeZone]))
    .first()
  if (known?.shown !== null && known?.shown !== undefined) return timeZone
  const offsets = new Set<number>()
  for (let month = 0; month < 36 * 12; month++) offsets.add(offsetAt(Date.UTC(2000, month, 1), timeZone))
  const [offset = 0] = offsets
  if (offsets.size > 1) return undefined
  const minutes = Math.abs(offset) / 60_000
  const two = (part: number) => String(Math.floor(part)).padStart(2, '0')
  return `${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
}
