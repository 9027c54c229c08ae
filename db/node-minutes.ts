import type { Knex } from 'knex'

/** What one node did within a minute; one process is one node. */
export interface NodeMinuteRow {
  /** Made anew at each start. */
  node_id: string
  /** When the minute began (ms). */
  minute: number
  /** Host and process id, for people. */
  node_name: string
  version: string
  started_at: number
  written_at: number
  /** 1 for the last row of a node that was stopped. */
  is_last: number
  /** JSON (gateway/services/telemetry/figures.ts). */
  figures: string
}

declare module 'knex/types/tables.js' {
  interface Tables {
    node_minute: NodeMinuteRow
  }
}

/** Saves a minute; where a clock was set back, the later row of the same minute counts. */
export async function saveNodeMinute(db: Knex, row: NodeMinuteRow): Promise<void> {
  await db('node_minute').insert(row).onConflict(['node_id', 'minute']).merge()
}

/** The minutes of all nodes that begin from `from` to before `until` (ms). */
export async function listNodeMinutes(
  db: Knex,
  { from, until }: { readonly from: number; readonly until: number },
): Promise<NodeMinuteRow[]> {
  return db('node_minute').where('minute', '>=', from).andWhere('minute', '<', until).orderBy('minute')
}

/** Deletes minutes that began before `before` (ms); returns how many. */
export async function deleteNodeMinutes(db: Knex, before: number): Promise<number> {
  return db('node_minute').where('minute', '<', before).delete()
}
