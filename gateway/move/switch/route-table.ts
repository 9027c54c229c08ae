import { crc32 } from 'node:zlib'
import type { MoveRouteRow } from '../../../db/move-routes.js'
import { pairMilliseconds } from './begun-pairs.js'
import { type Side, wholeShare } from './side.js'

/** Who calls, as far as routes ask. */
export interface Caller {
  readonly app: string
  readonly ip: string
  /** Undefined where the call names nobody. */
  readonly uid: string | undefined
}

/** The routes as a proxy follows them. */
export interface RouteTable {
  readonly rows: readonly MoveRouteRow[]
  /** When the newest route was changed (ms); 0 for none. */
  readonly newest: number
  /** Whether a method has a route of its own. */
  has(method: string): boolean
  /** Where a call goes. */
  sideOf(method: string, caller: Caller, now: number): Side
  /** Where something was begun of which nothing is noted: before the first route of its method it was the old server. */
  beganBefore(method: string, now: number): Side | undefined
}

/** Makes the rows of the database ready to be followed. */
export function createRouteTable(rows: readonly MoveRouteRow[]): RouteTable {
  const byMethod = new Map<string, MoveRouteRow[]>()
  for (const row of rows) byMethod.set(row.method, [...(byMethod.get(row.method) ?? []), row])
  return {
    rows,
    newest: Math.max(0, ...rows.map(({ changed_at }) => changed_at)),
    has: (method) => byMethod.has(method),
    sideOf(method, caller, now) {
      const own = byMethod.get(method) ?? []
      const row = own.find(({ app }) => app !== '' && app === caller.app) ?? own.find(({ app }) => app === '')
      return row !== undefined && isWithin(shareAt(row, now), row.caller, caller) ? 'new' : 'old'
    },
    beganBefore(method, now) {
      const first = Math.min(...(byMethod.get(method) ?? []).map(({ created_at }) => created_at))
      return now < first + pairMilliseconds ? 'old' : undefined
    },
  }
}

/** The share that is followed at a moment. */
export function shareAt(row: MoveRouteRow, now: number): number {
  return now < row.effective_at ? row.share_before : row.share
}

/** Whether a caller is among a share. A larger share has all callers of a smaller one. */
function isWithin(share: number, by: string, { ip, uid }: Caller): boolean {
  if (share <= 0 || share >= wholeShare) return share >= wholeShare
  const text = by === 'uid' ? uid : ip
  return text !== undefined && callerPlace(text) < share
}

/** A caller's place among all: the same at every server and for every method, and for HAProxy's `crc32`. */
export function callerPlace(text: string): number {
  return crc32(text) % wholeShare
}
