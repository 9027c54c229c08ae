import { formatTime } from '../../wire/time.js'
import { parseMoment } from '../../wire/dates.js'

/** How a file writes dates besides the year first: the day or the month first, or Excel's days since 1900. */
export const dateWays = ['ymd', 'dmy', 'mdy', 'excel'] as const
export type DateWay = (typeof dateWays)[number]

const time = String.raw`(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?`
const yearFirst = new RegExp(
  String.raw`^(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日)${time}(Z|[+-]\d{2}:?\d{2})?$`,
)
const compact = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?$/
const yearLast = new RegExp(String.raw`^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})${time}$`)
const zeroDate = /^0+$|^0{4}\D0{1,2}\D0{1,2}(?:\D.*)?$/
const excelSerial = /^\d{1,5}(?:\.\d+)?$/
const excelDayOf1970 = 25_569
const dayMilliseconds = 86_400_000

/** `none`: MySQL's zero date; undefined: no date in a form that was told. Milliseconds else. */
export type ReadMoment = number | 'none' | undefined

/** Reads a moment that stands in a file without a zone as one of the server's zone. */
export function readMoment(text: string, way: DateWay, timeZone: string): ReadMoment {
  if (zeroDate.test(text)) return 'none'
  if (way === 'excel' && excelSerial.test(text))
    return inZone((Number(text) - excelDayOf1970) * dayMilliseconds, timeZone)
  if (/^\d{9,10}$/.test(text)) return Number(text) * 1000
  if (/^\d{12,13}$/.test(text)) return Number(text)
  const wall = readWall(text, way)
  if (!wall) return undefined
  return wall.offset === undefined ? inZone(wall.time, timeZone) : wall.time - wall.offset
}

/** A day as `1990-12-31`; for an epoch, that of the server's zone. */
export function readDay(text: string, way: DateWay, timeZone: string): string | undefined {
  const moment = readMoment(text, way, timeZone)
  return typeof moment === 'number' ? formatTime(moment, timeZone).slice(0, 10) : moment
}

function inZone(wall: number, timeZone: string): number {
  return parseMoment(new Date(Math.round(wall / 1000) * 1000).toISOString().slice(0, 19), timeZone)
}

interface WallTime {
  /** As if it stood in UTC. */
  readonly time: number
  /** How far its own zone is before UTC; absent where it names none. */
  readonly offset: number | undefined
}

function readWall(text: string, way: DateWay): WallTime | undefined {
  const first = yearFirst.exec(text)
  if (first) {
    const [, year, month, day, ownMonth, ownDay, hour, minute, second, zone] = first
    return wallTime([year, month ?? ownMonth, day ?? ownDay, hour, minute, second], zone)
  }
  const digits = compact.exec(text)
  if (digits) return wallTime(digits.slice(1))
  const last = way === 'dmy' || way === 'mdy' ? yearLast.exec(text) : undefined
  if (!last) return undefined
  const [, one, two, year, ...rest] = last
  return wallTime(way === 'dmy' ? [year, two, one, ...rest] : [year, one, two, ...rest])
}

function wallTime(parts: readonly (string | undefined)[], zone?: string): WallTime | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    Number(part ?? 0),
  )
  const moment = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  // 31 February would be carried over into March.
  const isReal = year >= 1000 && moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day
  if (!isReal || hour > 23 || minute > 59 || second > 59) return undefined
  return { time: moment.getTime(), offset: zone === undefined ? undefined : readOffset(zone) }
}

function readOffset(zone: string): number {
  if (zone === 'Z') return 0
  const [hours = 0, minutes = 0] = [zone.slice(1, 3), zone.slice(-2)].map(Number)
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}
