import type { Knex } from 'knex'
import type { IdentityRow } from '../../identities.js'
import { inSlices, mostRows } from '../../statement-size.js'

/** Rows an insert, the largest that fits first: each is prepared once, and SQLite takes no more than 500. */
const insertSizes = [500, 50, 5, 1] as const

type Owned = Pick<IdentityRow, 'kind' | 'value' | 'user_id'>

/** Whose identities are: user ids by `keyOf`. */
export type Owners = ReadonlyMap<string, number>

/** Gives each identity that nobody has to the first who wants it, and answers who has those that others have. */
export async function claimFree(
  db: Knex,
  wanted: readonly IdentityRow[],
): Promise<(Owned & { readonly keptBy: number })[]> {
  const userIds = wanted.map(({ user_id }) => user_id)
  const before = await findOwn(db, userIds)
  const open = wanted.filter((row) => before.get(keyOf(row)) !== row.user_id)
  if (open.length === 0) return []
  // Each statement inserts in this order, and the first one of a value stays.
  for (const some of slicesOf(open)) await db('user_identity').insert(some).onConflict().ignore()
  const after = await findOwn(db, userIds)
  const missed = open.filter((row) => after.get(keyOf(row)) !== row.user_id)
  const owners = await findOwners(db, missed)
  return missed.flatMap(({ kind, value, user_id }) => {
    const keptBy = owners.get(keyOf({ kind, value }))
    return keptBy === undefined ? [] : [{ kind, value, user_id, keptBy }]
  })
}

function* slicesOf(rows: readonly IdentityRow[]): Generator<IdentityRow[]> {
  let start = 0
  for (const size of insertSizes)
    for (; rows.length - start >= size; start += size) yield rows.slice(start, start + size)
}

/** What users have already, as they had it bound or all of this ran before: one read by their ids. */
export async function findOwn(db: Knex, userIds: readonly number[]): Promise<Owners> {
  if (userIds.length === 0) return new Map()
  const ends = userIds.reduce<[number, number]>(
    ([first, last], id) => [Math.min(first, id), Math.max(last, id)],
    [Infinity, 0],
  )
  return byKey(await db('user_identity').whereBetween('user_id', ends).select('kind', 'value', 'user_id'))
}

async function findOwners(db: Knex, keys: readonly Owned[]): Promise<Owners> {
  const rows = await inSlices(keys, mostRows, async (some) =>
    db('user_identity')
      .whereIn(
        ['kind', 'value'],
        some.map(({ kind, value }) => [kind, value]),
      )
      .select('kind', 'value', 'user_id'),
  )
  return byKey(rows)
}

function byKey(rows: readonly Owned[]): Owners {
  return new Map(rows.map((row) => [keyOf(row), row.user_id]))
}

export function keyOf({ kind, value }: Pick<Owned, 'kind' | 'value'>): string {
  return `${kind} ${value}`
}
