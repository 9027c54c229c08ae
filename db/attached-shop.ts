import type { Knex } from 'knex'
import { isMysql } from './connect.js'
import { poolOf } from './knex-internals.js'
import { findAdoption } from './shop/adoption/steps.js'

/** Whether this is an old shop's database that held users when it was taken over; imported users make no shop. */
export async function isShopAttached(db: Knex): Promise<boolean> {
  return ((await findAdoption(db, 'claimed'))?.position ?? 0) > 0 && holdsShop(db)
}

/** Tables of an old shop's accounts that nobody here reads or makes. */
const shopTables = [
  'account_user_analytics',
  'account_user_channel',
  'account_user_distribution',
  'account_user_level_log',
  'account_user_sns',
  'account_user_zone',
  'sys_config_type',
]

/** Whether the database is an old shop's, with or without users when it was taken over. */
export async function holdsShop(db: Knex): Promise<boolean> {
  if (!isMysql(db)) return false
  const table = await db('information_schema.tables')
    .whereRaw('table_schema = database()')
    .whereIn('table_name', shopTables)
    .first('table_name')
  return table !== undefined
}

const known = new WeakMap<object, Promise<boolean>>()

/** The same, asked once for each pool of connections: a shop is taken over before a server starts. */
export function isBesideShop(db: Knex): Promise<boolean> {
  const pool = poolOf(db)
  const answer = known.get(pool)
  if (answer) return answer
  const asked = holdsShop(db)
  known.set(pool, asked)
  // What could not be asked is asked again.
  asked.catch(() => known.delete(pool))
  return asked
}
