import type { Knex } from 'knex'
import { mostValues, slicesOf } from '../../statement-size.js'

/** What a user keeps several of, one of them the default. */
const keptTables = {
  addresses: {
    table: 'account_user_delivery_address',
    key: 'ud_id',
    flag: 'ud_is_default',
    /** The one that the old server showed first. */
    order: ['ud_time', 'ud_id'],
  },
  invoices: {
    table: 'account_user_invoice',
    key: 'user_invoice_id',
    flag: 'invoice_is_default',
    order: ['user_invoice_id'],
  },
} as const
export type Kept = keyof typeof keptTables

/**
 * Lets each of some users keep one default: the old server let a user have several. Takes the next users after an id
 * who have several; answers the last of them, undefined when there is none.
 */
export async function keepOneDefault(
  db: Knex,
  kept: Kept,
  { after, most }: { readonly after: number; readonly most: number },
): Promise<{ readonly last: number; readonly users: number } | undefined> {
  const { table, key, flag, order } = keptTables[kept]
  const users: { user_id: number }[] = await usersOfSeveral(db, kept)
    .where('user_id', '>', after)
    .orderBy('user_id')
    .limit(most)
  const last = users.at(-1)?.user_id
  if (last === undefined) return undefined
  const defaults: { user_id: number; id: number }[] = await db
    .from(table)
    .whereBetween('user_id', [after + 1, last])
    .whereNot(flag, 0)
    .orderBy(order.map((column) => ({ column, order: 'desc' as const })))
    .select('user_id', `${key} as id`)
  const seen = new Set<number>()
  const surplus = defaults.flatMap(({ user_id, id }) => {
    if (seen.has(user_id)) return [id]
    seen.add(user_id)
    return []
  })
  for (const some of slicesOf(surplus, mostValues))
    await db
      .from(table)
      .whereIn(key, [...some])
      .update({ [flag]: 0 })
  return { last, users: users.length }
}

/** How many users have several defaults. */
export async function countSurplus(db: Knex, kept: Kept): Promise<number> {
  const row = await db.from(usersOfSeveral(db, kept).as('several')).count({ users: '*' }).first()
  return Number(row?.['users'] ?? 0)
}

function usersOfSeveral(db: Knex, kept: Kept): Knex.QueryBuilder {
  const { table, flag } = keptTables[kept]
  return db.from(table).whereNot(flag, 0).groupBy('user_id').havingRaw('count(*) > 1').select('user_id')
}
