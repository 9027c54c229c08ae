import type { Knex } from 'knex'
import type { IdentityRow } from '../../identities.js'
import { mostRows, slicesOf } from '../../statement-size.js'

type Owned = Pick<IdentityRow, 'kind' | 'value' | 'user_id'>

/** Gives each identity that nobody has to the first who wants it, and answers who has those that others have. */
export async function claimFree(
  db: Knex,
  wanted: readonly IdentityRow[],
): Promise<(Owned & { readonly keptBy: number })[]> {
  // What users have already, as they had it bound or all of this ran before, is found in one read by their ids.
  const own = await findOwn(
    db,
    wanted.map(({ user_id }) => user_id),
  )
  const open = wanted.filter((row) => own.get(keyOf(row)) !== row.user_id)
  const lost: (Owned & { readonly keptBy: number })[] = []
  for (const some of slicesOf(open, mostRows)) {
    // One statement inserts in this order, and the first one of a value stays.
    await db('user_identity')
      .insert([...some])
      .onConflict()
      .ignore()
    const owners = await findOwners(db, some)
    for (const { kind, value, user_id } of some) {
      const keptBy = owners.get(keyOf({ kind, value }))
      if (keptBy !== undefined && keptBy !== user_id) lost.push({ kind, value, user_id, keptBy })
    }
  }
  return lost
}

async function findOwn(db: Knex, userIds: readonly number[]): Promise<Map<string, number>> {
  if (userIds.length === 0) return new Map()
  const ends = userIds.reduce<[number, number]>(
    ([first, last], id) => [Math.min(first, id), Math.max(last, id)],
    [Infinity, 0],
  )
  return byKey(await db('user_identity').whereBetween('user_id', ends).select('kind', 'value', 'user_id'))
}

async function findOwners(db: Knex, keys: readonly Owned[]): Promise<Map<string, number>> {
  const rows = await db('user_identity')
    .whereIn(
      ['kind', 'value'],
      keys.map(({ kind, value }) => [kind, value]),
    )
    .select('kind', 'value', 'user_id')
  return byKey(rows)
}

function byKey(rows: readonly Owned[]): Map<string, number> {
  return new Map(rows.map((row) => [keyOf(row), row.user_id]))
}

function keyOf({ kind, value }: Pick<Owned, 'kind' | 'value'>): string {
  return `${kind} ${value}`
}
