import type { Knex } from 'knex'
import { setTimeout as sleep } from 'node:timers/promises'
import { BoundedMap } from '../../../db/bounded-map.js'
import { deleteBegunPair, findBegunSide, saveBegunPair } from '../../../db/begun-pairs.js'
import type { Side } from './side.js'

/** Where pairs were begun, as all proxies know it. */
export interface BegunPairs {
  sideOf(id: string): Promise<Side | undefined>
  /** Notes where one begins; `undo` puts back what was known before, as where the call has failed. */
  begin(id: string, side: Side): Promise<{ undo(): Promise<void> }>
}

interface BegunPairOptions {
  readonly db: Knex
  readonly now: () => number
  /** Told of what the database did not do; the proxy goes by what it knows itself. */
  readonly failed: (error: unknown) => void
}

/** Longer than any code is good for. */
export const pairMilliseconds = 60 * 60_000
/** A call waits no longer than this for the database. */
const patience = 500
const mostKnown = 100_000

/** Keeps them in the database, and in memory for the time in which that can't be asked. */
export function createBegunPairs({ db, now, failed }: BegunPairOptions): BegunPairs {
  const known = new BoundedMap<string, { readonly side: Side; readonly until: number }>(mostKnown)
  const attempt = async <T>(work: () => Promise<T>): Promise<{ value: T } | undefined> => {
    const late = new AbortController()
    try {
      const done = work().then((value) => ({ value }))
      const outOfTime = sleep(patience, undefined, { signal: late.signal }).then(() => {
        throw new Error(`no answer within ${patience} ms`)
      })
      return await Promise.race([done, outOfTime])
    } catch (error) {
      failed(error)
      return undefined
    } finally {
      late.abort()
    }
  }
  const find = async (id: string): Promise<Side | undefined> => {
    const found = await attempt(() => findBegunSide(db, { id, now: now() }))
    if (found) return found.value === 'old' || found.value === 'new' ? found.value : undefined
    const own = known.get(id)
    return own !== undefined && own.until > now() ? own.side : undefined
  }
  const note = async (id: string, side: Side | undefined): Promise<void> => {
    known.delete(id)
    const until = now() + pairMilliseconds
    if (side !== undefined) known.set(id, { side, until })
    await attempt(() =>
      side === undefined ? deleteBegunPair(db, id) : saveBegunPair(db, { id, side, expires_at: until }),
    )
  }
  return {
    sideOf: find,
    async begin(id, side) {
      const before = await find(id)
      await note(id, side)
      return { undo: () => (before === side ? Promise.resolve() : note(id, before)) }
    },
  }
}
