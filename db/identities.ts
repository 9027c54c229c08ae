import type { Knex } from 'knex'
import { compileInsertNew } from './compiled-write.js'
import { inSlices, mostRows, mostValues, slicesOf } from './statement-size.js'
import { type AddressKind, findAddressOwner } from './address-owners.js'

export type { AddressKind }

/** `wechat`: `<app id>:<openid>`, of which a user may have several; `wechat-union`: the unionid. */
export type IdentityKind = AddressKind | 'wechat' | 'wechat-union'

/** Who owns an address: an E.164 number or a lower-cased e-mail belongs to one user (account.md §8). */
export interface IdentityRow {
  kind: IdentityKind
  value: string
  user_id: number
  /** Milliseconds; null: claimed but not proved, and gives way to who proves it. */
  verified_at: number | null
  created_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    user_identity: IdentityRow
  }
}

/** All of a user's identities of a kind, which for WeChat's may be several. */
export async function listIdentities(db: Knex, kind: IdentityKind, userId: number): Promise<IdentityRow[]> {
  return db('user_identity').where({ kind, user_id: userId }).orderBy('value')
}

/** Claims an address without proof; nothing happens when somebody has it already. */
export async function claimIdentity(db: Knex, row: Omit<IdentityRow, 'verified_at'>): Promise<void> {
  await db('user_identity')
    .insert({ ...row, verified_at: null })
    .onConflict()
    .ignore()
}

/** Makes a user's claim to an address a proved one, also one that only the shop's tables knew. */
export async function proveIdentity(db: Knex, row: IdentityRow): Promise<void> {
  const { kind, value, user_id, verified_at } = row
  const own = await db('user_identity').where({ kind, value }).first('user_id', 'verified_at')
  // Of several bound numbers one is ours; the others are known by the shop's rows.
  if (!own) await db('user_identity').insert(row).onConflict().ignore()
  else if (own.verified_at === null)
    await db('user_identity').where({ kind, value, user_id }).whereNull('verified_at').update({ verified_at })
}

/**
 * Makes a proved address the user's only one of its kind here. Another user's unproved claim gives way, and one that the
 * shop has ended; returns false when another user has proved it. The primary key decides between parallel transactions.
 */
export async function verifyIdentity(
  db: Knex,
  row: IdentityRow & { readonly kind: AddressKind },
): Promise<boolean> {
  if (await isProvedBy(db, row, (owner) => owner !== row.user_id)) return false
  await deleteFormer(db, row)
  return takeIdentity(db, row)
}

/** The same for a user who was made just now, and so has no other address. */
export async function verifyNewIdentity(
  db: Knex,
  row: IdentityRow & { readonly kind: AddressKind },
): Promise<boolean> {
  if (await isProvedBy(db, row, (owner) => owner !== row.user_id)) return false
  return takeIdentity(db, row)
}

const insertNew = compileInsertNew('user_identity', ['kind', 'value'])

/** The same where no other table names another user. */
export async function takeIdentity(
  db: Knex,
  row: IdentityRow & { readonly kind: AddressKind },
): Promise<boolean> {
  const { kind, value, user_id, verified_at } = row
  if (await insertNew(db, row)) return true
  // Locked, so that what its owner has bound together with it is committed.
  const holder = await db('user_identity').where({ kind, value }).forUpdate().first()
  if (holder && holder.user_id !== user_id) {
    const isProved = holder.verified_at !== null
    if (isProved && (await isProvedBy(db, row, (owner) => owner === holder.user_id))) return false
    await db('user_identity').where({ kind, value, user_id: holder.user_id }).delete()
    await insertNew(db, row)
  }
  if (holder?.user_id !== user_id || holder.verified_at !== verified_at)
    await db('user_identity').where({ kind, value }).update({ verified_at })
  return true
}

/**
 * Gives up the user's other addresses of the kind. They are looked for without locks and deleted by their keys: on a small
 * table a search by the user would lock, and wait for, the rows of everybody who registers meanwhile.
 */
async function deleteFormer(db: Knex, { kind, value, user_id }: IdentityRow): Promise<void> {
  const former: string[] = await db('user_identity')
    .where({ kind, user_id })
    .whereNot({ value })
    .pluck('value')
  for (const some of slicesOf(former, mostValues))
    await db('user_identity')
      .where({ kind, user_id })
      .whereIn('value', [...some])
      .delete()
}

async function isProvedBy(
  db: Knex,
  { kind, value }: { readonly kind: AddressKind; readonly value: string },
  isMeant: (userId: number) => boolean,
): Promise<boolean> {
  const owner = await findAddressOwner(db, kind, value)
  return owner !== undefined && owner.verified_at !== null && isMeant(owner.user_id)
}

/** Gives up an address of the user, proved or not. */
export async function deleteIdentity(
  db: Knex,
  row: IdentityKey & { readonly user_id: number },
): Promise<void> {
  const { kind, value, user_id } = row
  await db('user_identity').where({ kind, value, user_id }).delete()
}

type IdentityKey = Pick<IdentityRow, 'kind' | 'value'>

/** Who owns several addresses, in their order; 0 for nobody. */
export async function findOwners(db: Knex, keys: readonly IdentityKey[]): Promise<number[]> {
  const rows = await inSlices(keys, mostRows, async (some) =>
    rowsOf(db, some).select('kind', 'value', 'user_id'),
  )
  const owners = new Map(rows.map((row) => [keyOf(row), row.user_id]))
  return keys.map((key) => owners.get(keyOf(key)) ?? 0)
}

/**
 * Takes what nobody owns for a user whom this transaction is still to find or to make (`giveReserved`); a parallel
 * transaction that takes it waits for this one. Answers whose it is already, 0 when it was taken.
 */
export async function reserveIdentity(db: Knex, { kind, value }: IdentityKey, now: number): Promise<number> {
  const row = { kind, value, user_id: 0, verified_at: now, created_at: now }
  await db('user_identity').insert(row).onConflict(['kind', 'value']).ignore()
  // Unlocked: what is seen is committed or our own, as the insert has waited.
  return (await db('user_identity').where({ kind, value }).first('user_id'))?.user_id ?? 0
}

/** Gives a user what this transaction has reserved. */
export async function giveReserved(db: Knex, keys: readonly IdentityKey[], userId: number): Promise<void> {
  for (const some of slicesOf(keys, mostRows))
    await rowsOf(db, some).where({ user_id: 0 }).update({ user_id: userId })
}

/** Gives identities of one user to another, in whose hands they are by now. */
export async function moveIdentity(
  db: Knex,
  keys: readonly IdentityKey[],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  for (const some of slicesOf(keys, mostRows))
    await rowsOf(db, some).where({ user_id: from }).update({ user_id: to })
}

/** Gives up several of a user's addresses. */
export async function deleteIdentities(
  db: Knex,
  keys: readonly IdentityKey[],
  userId: number,
): Promise<void> {
  for (const some of slicesOf(keys, mostRows)) await rowsOf(db, some).where({ user_id: userId }).delete()
}

/** The rows of these keys, of which there are no more than a statement takes. */
function rowsOf(db: Knex, keys: readonly IdentityKey[]) {
  return db('user_identity').whereIn(
    ['kind', 'value'],
    keys.map(({ kind, value }) => [kind, value]),
  )
}

function keyOf({ kind, value }: IdentityKey): string {
  return `${kind} ${value}`
}
