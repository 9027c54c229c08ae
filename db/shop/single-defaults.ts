import type { Knex } from 'knex'

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
 * that keep anything at all; answers the last of them, undefined when there is none.
 */
export async function keepOneDefault(
  db: Knex,
  kept: Kept,
  { after, most }: { readonly after: number; readonly most: number },
): Promise<{ readonly last: number; readonly users: number } | undefined> {
  const { table, key, flag, order } = keptTables[kept]
  const users: number[] = await db
    .from(table)
    .distinct('user_id')
    .where('user_id', '>', after)
    .orderBy('user_id')
    .limit(most)
    .pluck('user_id')
  const last = users.at(-1)
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
  if (surplus.length > 0)
    await db
      .from(table)
      .whereIn(key, surplus)
      .update({ [flag]: 0 })
  return { last, users: users.length }
}

/** How many users keep anything. */
export async function countKeepers(db: Knex, kept: Kept): Promise<number> {
  const row = await db.from(keptTables[kept].table).countDistinct({ users: 'user_id' }).first()
  return Number(row?.['users'] ?? 0)
}
