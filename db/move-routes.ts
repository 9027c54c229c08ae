import type { Knex } from 'knex'
import { insertSlices } from './statement-size.js'

/** Which share of a method's calls the new server answers while it moves there from an old one. */
export interface MoveRouteRow {
  /** Its wire name. */
  method: string
  /** The application whose calls these are; empty for all that have no route of their own. */
  app: string
  /** In ten thousandths. */
  share: number
  /** The share until `effective_at`. */
  share_before: number
  /** By what callers are told apart: `ip` or `uid`. */
  caller: string
  /** What both servers hold in common: a comma list of `database` and `sessions`. */
  common: string
  /** Milliseconds. */
  created_at: number
  changed_at: number
  /** From when on it is followed; until then the proxies hear of it. */
  effective_at: number
  /** Why it was changed last. */
  reason: string
}

declare module 'knex/types/tables.js' {
  interface Tables {
    move_route: MoveRouteRow
  }
}

/** All routes, also those of which no share is left. */
export async function listMoveRoutes(db: Knex): Promise<MoveRouteRow[]> {
  return db('move_route').orderBy(['method', 'app'])
}

/** Stores routes in place of earlier ones of the same methods and applications. */
export async function saveMoveRoutes(db: Knex, rows: readonly MoveRouteRow[]): Promise<void> {
  await insertSlices(rows, (some) =>
    db('move_route')
      .insert(some)
      .onConflict(['method', 'app'])
      .merge(['share', 'share_before', 'caller', 'common', 'changed_at', 'effective_at', 'reason']),
  )
}
