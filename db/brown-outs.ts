import type { Knex } from 'knex'

/** A method that does not answer for a while. */
export interface BrownOutRow {
  /** Its wire name. */
  method: string
  /** Milliseconds. */
  started_at: number
  expires_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    brown_out: BrownOutRow
  }
}

/** Those that have not ended at `now` (ms). */
export async function listBrownOuts(db: Knex, now: number): Promise<BrownOutRow[]> {
  return db('brown_out').where('expires_at', '>', now).orderBy('method')
}

/** Stores a brown-out in place of an earlier one of the same method. */
export async function saveBrownOut(db: Knex, row: BrownOutRow): Promise<void> {
  await db('brown_out').insert(row).onConflict('method').merge()
}

/** Whether there was one. */
export async function deleteBrownOut(db: Knex, method: string): Promise<boolean> {
  return (await db('brown_out').where({ method }).delete()) > 0
}
