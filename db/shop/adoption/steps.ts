import type { Knex } from 'knex'

/** How far one step of taking over a shop's users has come. */
export interface AdoptionRow {
  step: string
  /** The last user id that is done. */
  position: number
  done_at: number | null
}

declare module 'knex/types/tables.js' {
  interface Tables {
    shop_adoption: AdoptionRow
  }
}

export async function findAdoption(db: Knex, step: string): Promise<AdoptionRow | undefined> {
  return db('shop_adoption').where({ step }).first()
}

export async function saveAdoption(db: Knex, row: AdoptionRow): Promise<void> {
  await db('shop_adoption').insert(row).onConflict('step').merge()
}

/** Lets all steps begin anew. */
export async function restartAdoption(db: Knex): Promise<void> {
  await db('shop_adoption').update({ position: 0, done_at: null })
}
