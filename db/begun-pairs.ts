import type { Knex } from 'knex'

/** Where something was begun that only the same server can end, as a code that it has sent. */
interface BegunPairRow {
  /** A digest of what is told apart by it. */
  id: string
  /** `old` or `new`. */
  side: string
  /** Milliseconds. */
  expires_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    move_begun: BegunPairRow
  }
}

/** The side on which it was begun, if that was noted and it has not ended at `now` (ms). */
export async function findBegunSide(
  db: Knex,
  { id, now }: { readonly id: string; readonly now: number },
): Promise<string | undefined> {
  const row = await db('move_begun').where({ id }).where('expires_at', '>', now).first('side')
  return row?.side
}

/** Notes where it was begun, in place of an earlier note. */
export async function saveBegunPair(db: Knex, row: BegunPairRow): Promise<void> {
  await db('move_begun').insert(row).onConflict('id').merge()
}

/** Forgets where it was begun. */
export async function deleteBegunPair(db: Knex, id: string): Promise<void> {
  await db('move_begun').where({ id }).delete()
}
