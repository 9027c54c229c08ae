import type { Knex } from 'knex'
import { listMoveRoutes } from '../../../db/move-routes.js'
import { listMoveProxies, listMoveTallies, type MoveTallyRow } from '../../../db/move-tallies.js'
import { silentMilliseconds } from '../switch/follow-routes.js'
import { shareAt } from '../switch/route-table.js'
import type { Side } from '../switch/side.js'
import { durationBounds } from '../switch/side-tally.js'

/** How one server did lately, as all proxies saw it. */
export interface SideFigures {
  readonly calls: number
  readonly errors: number
  /** Half of the answers, and 99 of a hundred, took at most so many milliseconds; null for longer than is counted. */
  readonly half: number | null
  readonly most: number | null
  readonly compared: number
  readonly differing: number
}

/** A route, and what is known of it. */
interface RouteState {
  readonly method: string
  /** Empty for all applications. */
  readonly app: string
  /** In percent. */
  readonly share: number
  readonly by: string
  readonly changedAt: number
  readonly effectiveAt: number
  readonly reason: string
  /** Of all the method's calls, whichever application's. */
  readonly old: SideFigures
  readonly new: SideFigures
}

/** The move as it stands. */
export interface MoveState {
  readonly at: number
  /** Minutes that the figures are of. */
  readonly minutes: number
  readonly proxies: readonly { readonly node: string; readonly seenAt: number; readonly follows: boolean }[]
  readonly routes: readonly RouteState[]
}

const minutes = 10

/** Reads the state from the database, at `now` (ms). */
export async function readMoveState(db: Knex, now: number): Promise<MoveState> {
  const [rows, tallies, proxies] = await Promise.all([
    listMoveRoutes(db),
    listMoveTallies(db, now - minutes * 60_000),
    listMoveProxies(db, now - silentMilliseconds),
  ])
  const newest = Math.max(0, ...rows.map(({ changed_at }) => changed_at))
  return {
    at: now,
    minutes,
    proxies: proxies.map(({ node, seen_at, follows }) => ({
      node,
      seenAt: seen_at,
      follows: follows >= newest,
    })),
    routes: rows.map((row) => ({
      method: row.method,
      app: row.app,
      share: shareAt(row, now) / 100,
      by: row.caller,
      changedAt: row.changed_at,
      effectiveAt: row.effective_at,
      reason: row.reason,
      old: figuresOf(tallies, row.method, 'old'),
      new: figuresOf(tallies, row.method, 'new'),
    })),
  }
}

function figuresOf(tallies: readonly MoveTallyRow[], method: string, side: Side): SideFigures {
  const own = tallies.filter((row) => row.method === method && row.side === side)
  const sum = (of: (row: MoveTallyRow) => number) => own.reduce((total, row) => total + of(row), 0)
  const slots = durationBounds.map((_, at) => sum((row) => Number(row.slots.split(',')[at] ?? 0)))
  const calls = sum((row) => row.calls)
  return {
    calls,
    errors: sum((row) => row.errors),
    half: boundOf(slots, calls / 2),
    most: boundOf(slots, calls * 0.99),
    compared: sum((row) => row.compared),
    differing: sum((row) => row.differing),
  }
}

/** The bound within which so many answers came, in milliseconds. */
function boundOf(slots: readonly number[], wanted: number): number | null {
  let count = 0
  for (const [at, slot] of slots.entries()) {
    count += slot
    if (count >= wanted) return (durationBounds[at] ?? 0) * 1000
  }
  return null
}
