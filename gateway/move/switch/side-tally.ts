import { DurationTally } from '../../../db/duration-tally.js'
import type { MoveTallyRow } from '../../../db/move-tallies.js'
import type { Side } from './side.js'

/** Upper bounds in seconds of how long answers take. */
export const durationBounds: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** A call that has ended. */
interface CountedCall {
  readonly method: string
  readonly side: Side
  readonly isError: boolean
  readonly seconds: number
}

/** What this proxy has seen of the methods that have routes, by minutes. */
export interface SideTally {
  add(call: CountedCall): void
  /** An answer of the new server was compared with the old one's. */
  compare(method: string, differs: boolean): void
  /** Minutes that have changed since they were taken last. */
  takeChanged(): MoveTallyRow[]
  /** Keeps minutes for the next time, as they could not be stored. */
  putBack(rows: readonly MoveTallyRow[]): void
}

interface Minute {
  readonly method: string
  readonly side: Side
  readonly minute: number
  readonly durations: DurationTally
  errors: number
  compared: number
  differing: number
}

const minuteMilliseconds = 60_000
/** How long a minute is kept, in milliseconds. */
const tallyMilliseconds = 60 * minuteMilliseconds

/** `node` names this proxy; `now` is in milliseconds. */
export function createSideTally(node: string, now: () => number): SideTally {
  const minutes = new Map<string, Minute>()
  const changed = new Set<string>()
  const find = (method: string, side: Side): Minute => {
    const minute = Math.floor(now() / minuteMilliseconds) * minuteMilliseconds
    const key = `${method} ${side} ${minute}`
    changed.add(key)
    const known = minutes.get(key)
    if (known !== undefined) return known
    const durations = new DurationTally(durationBounds)
    const made: Minute = { method, side, minute, durations, errors: 0, compared: 0, differing: 0 }
    minutes.set(key, made)
    return made
  }
  return {
    add({ method, side, isError, seconds }) {
      const minute = find(method, side)
      minute.durations.add(seconds)
      if (isError) minute.errors++
    },
    compare(method, differs) {
      const minute = find(method, 'new')
      minute.compared++
      if (differs) minute.differing++
    },
    takeChanged() {
      const rows = [...changed].flatMap((key) => {
        const minute = minutes.get(key)
        return minute === undefined ? [] : [rowOf(node, minute)]
      })
      changed.clear()
      const past = now() - 2 * minuteMilliseconds
      for (const [key, { minute }] of minutes) if (minute < past - tallyMilliseconds) minutes.delete(key)
      return rows
    },
    putBack(rows) {
      for (const { method, side, minute } of rows) changed.add(`${method} ${side} ${minute}`)
    },
  }
}

function rowOf(
  node: string,
  { method, side, minute, durations, errors, compared, differing }: Minute,
): MoveTallyRow {
  return {
    node,
    method,
    side,
    minute,
    calls: durations.count,
    errors,
    compared,
    differing,
    slots: durations.slots.join(','),
    expires_at: minute + tallyMilliseconds,
  }
}
