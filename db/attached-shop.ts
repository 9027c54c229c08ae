import type { Knex } from 'knex'
import { findAdoption } from './shop/adoption/steps.js'

/** Whether the tables held users of an old shop when it was taken over. */
export async function isShopAttached(db: Knex): Promise<boolean> {
  return ((await findAdoption(db, 'bound'))?.position ?? 0) > 0
}
