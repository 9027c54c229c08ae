import type { Knex } from 'knex'
import { setTimeout as sleep } from 'node:timers/promises'
import { listMoveRoutes } from '../../../db/move-routes.js'
import { deleteMoveProxy, saveMoveProxy, saveMoveTallies } from '../../../db/move-tallies.js'
import { createRouteTable, type RouteTable } from './route-table.js'
import type { SideTally } from './side-tally.js'

/** The routes of the database as this proxy follows them. */
export interface FollowedRoutes {
  current(): RouteTable
  /** Lets the old server answer these methods from now on, whether the database is told or not. */
  leave(methods: readonly string[]): void
  /** Stops asking, and stores what was seen last. */
  close(): Promise<void>
}

interface FollowOptions {
  readonly db: Knex
  readonly now: () => number
  readonly node: string
  readonly tally: SideTally
  readonly warn: (text: string) => void
  /** Called after each time the database was asked, or could not be. */
  readonly asked: () => Promise<void>
}

/** Milliseconds between two questions, and between two times at which the database is told what was seen. */
const pause = 250
const tellPause = 1000
/** Milliseconds after which the database is taken for away; it may answer yet. */
const patience = 2000
/** Milliseconds after which a proxy that says nothing is taken for gone. */
export const silentMilliseconds = 10_000

/** Asks the database for routes; where it does not answer, those that were read last go on. */
export async function followRoutes(options: FollowOptions): Promise<FollowedRoutes> {
  const { db, now, node, tally, warn, asked } = options
  const left = new Map<string, number>()
  let table = createRouteTable([])
  let told = 0
  let isAway = false
  let isClosed = false
  const read = async () => {
    const rows = await listMoveRoutes(db)
    table = createRouteTable(rows.map((row) => leftOf(row, left)))
    if (isAway) warn('the routes are read again')
    isAway = false
  }
  const tell = async () => {
    if (now() - told < tellPause) return
    told = now()
    await saveMoveProxy(db, {
      node,
      seen_at: told,
      follows: table.newest,
      expires_at: told + 6 * silentMilliseconds,
    })
    const rows = tally.takeChanged()
    await saveMoveTallies(db, rows).catch((error: unknown) => {
      tally.putBack(rows)
      throw error
    })
  }
  let asking: Promise<void> | undefined
  const ask = (): Promise<void> => {
    asking ??= read()
      .then(tell)
      .finally(() => (asking = undefined))
    return asking
  }
  const turn = async () => {
    try {
      await within(patience, ask())
    } catch (error) {
      if (!isAway) warn(`the routes can't be read, and the last ones are followed: ${reasonOf(error)}`)
      isAway = true
    }
    await asked()
  }
  await turn()
  let turning = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const next = () => {
    timer = setTimeout(() => {
      turning = turn().finally(() => {
        if (!isClosed) next()
      })
    }, pause)
  }
  next()
  return {
    current: () => table,
    leave(methods) {
      for (const method of methods) left.set(method, now())
      table = createRouteTable(table.rows.map((row) => leftOf(row, left)))
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
      await turning
      await saveMoveTallies(db, tally.takeChanged()).catch(() => {})
      await deleteMoveProxy(db, node).catch(() => {})
    },
  }
}

type Row = RouteTable['rows'][number]

/** A route of a method that this proxy has left since it was changed. */
function leftOf(row: Row, left: ReadonlyMap<string, number>): Row {
  return row.changed_at < (left.get(row.method) ?? 0) ? { ...row, share: 0, share_before: 0 } : row
}

/** Fails where work is not done within so many milliseconds. What comes of it later is nobody's. */
async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  const late = new AbortController()
  const outOfTime = sleep(milliseconds, undefined, { signal: late.signal, ref: false }).then(() => {
    throw new Error(`no answer within ${milliseconds} ms`)
  })
  try {
    await Promise.race([work, outOfTime])
  } finally {
    late.abort()
    work.catch(() => {})
    outOfTime.catch(() => {})
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'the database did not answer'
}
