import type { DifferenceKind } from './difference.js'

const dateForm =
  /^(\d{4})([-/]?)(\d\d)\2(\d\d)(?:([ T])(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?(Z|[+-]\d\d:?\d\d)?)?$/

/** Milliseconds between two zones on earth, and the step between neighbours. */
const widest = 26 * 3_600_000
const step = 15 * 60_000

/**
 * In what two different dates differ: their form, or their zone where one is the other moved by quarters of an hour.
 * Undefined where one of them is no date.
 */
export function compareDates(one: string, other: string): DifferenceKind[] | undefined {
  const [first, second] = [readDate(one), readDate(other)]
  if (first === undefined || second === undefined) return undefined
  const kinds: DifferenceKind[] = []
  if (first.form !== second.form) kinds.push('date-form')
  const shift = Math.abs(first.moment - second.moment)
  // The same digits: if not the form, then the zone behind them is another one.
  if (shift === 0) return kinds.length > 0 ? kinds : ['date-zone']
  return shift % step === 0 && shift <= widest ? [...kinds, 'date-zone'] : [...kinds, 'value']
}

/** Milliseconds between two dates of one form, to the second or finer; undefined for anything else. */
export function timeBetween(one: string, other: string): number | undefined {
  const [first, second] = [readDate(one), readDate(other)]
  if (first === undefined || second === undefined || first.form !== second.form) return undefined
  return /:00:00/.test(first.form) ? Math.abs(first.moment - second.moment) : undefined
}

/** The moment that the digits name, wherever that is, and how it is written. */
function readDate(text: string): { moment: number; form: string } | undefined {
  const match = dateForm.exec(text)
  if (match === null) return undefined
  const [year, month, day, hour, minute, second] = [1, 3, 4, 6, 7, 8].map((group) =>
    Number(match[group] ?? 0),
  )
  const moment = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute) + (second ?? 0) * 1000
  return { moment, form: text.replaceAll(/\d/g, '0') }
}
