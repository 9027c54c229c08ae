import type { Knex } from 'knex'
import { compileRead } from './compiled-read.js'

/** What a user has one of. */
export type AddressKind = 'mobile' | 'email'

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

export async function findIdentity(
  db: Knex,
  kind: IdentityKind,
  value: string,
): Promise<IdentityRow | undefined> {
  return db('user_identity').where({ kind, value }).first()
}

export async function findIdentityOfUser(
  db: Knex,
  kind: IdentityKind,
  userId: number,
): Promise<IdentityRow | undefined> {
  return db('user_identity').where({ kind, user_id: userId }).first()
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

/** Makes a user's claim to an address a proved one. */
export async function proveIdentity(
  db: Knex,
  { kind, value, user_id, verified_at }: Omit<IdentityRow, 'created_at'>,
): Promise<void> {
  await db('user_identity').where({ kind, value, user_id }).whereNull('verified_at').update({ verified_at })
}

/**
 * Makes a proved address the user's only one of its kind. Another user's unproved claim gives way; returns false
 * when another user has proved it. The primary key decides between parallel transactions.
 */
export async function verifyIdentity(
  db: Knex,
  row: IdentityRow & { readonly kind: AddressKind },
): Promise<boolean> {
  const { kind, value, user_id } = row
  await db('user_identity').where({ kind, user_id }).whereNot({ value }).delete()
  await db('user_identity').where({ kind, value }).whereNull('verified_at').whereNot({ user_id }).delete()
  await db('user_identity').insert(row).onConflict(['kind', 'value']).ignore()
  const owner = await db('user_identity').where({ kind, value }).forUpdate().first()
  if (owner?.user_id !== user_id) return false
  await db('user_identity').where({ kind, value }).update({ verified_at: row.verified_at })
  return true
}

/** Gives up the user's address of a kind, proved or not. */
export async function deleteIdentity(db: Knex, kind: AddressKind, userId: number): Promise<void> {
  await db('user_identity').where({ kind, user_id: userId }).delete()
}

type IdentityKey = Pick<IdentityRow, 'kind' | 'value'>

/** Who owns several addresses, in their order; 0 for nobody. */
export async function findOwners(db: Knex, keys: readonly IdentityKey[]): Promise<number[]> {
  const rows = await db('user_identity')
    .whereIn(
      ['kind', 'value'],
      keys.map(({ kind, value }) => [kind, value]),
    )
    .select('kind', 'value', 'user_id')
  return keys.map((key) => rows.find((row) => row.kind === key.kind && row.value === key.value)?.user_id ?? 0)
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
  await db('user_identity')
    .whereIn(
      ['kind', 'value'],
      keys.map(({ kind, value }) => [kind, value]),
    )
    .where({ user_id: 0 })
    .update({ user_id: userId })
}

/** Gives up several of a user's addresses. */
export async function deleteIdentities(
  db: Knex,
  keys: readonly IdentityKey[],
  userId: number,
): Promise<void> {
  await db('user_identity')
    .where({ user_id: userId })
    .whereIn(
      ['kind', 'value'],
      keys.map(({ kind, value }) => [kind, value]),
    )
    .delete()
}

/** Which addresses a user has, and since when each is verified (ms; null: not). */
export interface VerifiedAddresses {
  user_id: number
  user_intl: string | null
  user_mobile: string | null
  user_email: string | null
  mobile_verified_at: number | null
  email_verified_at: number | null
}

const readVerifiedAddresses = compileRead<VerifiedAddresses, [userId: number]>((db, userId) =>
  db('account_user_base as base')
    .leftJoin('account_user_info as info', 'info.user_id', 'base.user_id')
    .leftJoin('user_identity as mobile', (on) =>
      on.on('mobile.user_id', 'base.user_id').andOnVal('mobile.kind', 'mobile'),
    )
    .leftJoin('user_identity as email', (on) =>
      on.on('email.user_id', 'base.user_id').andOnVal('email.kind', 'email'),
    )
    .where('base.user_id', userId)
    .select('base.user_id', 'user_intl', 'user_mobile', 'user_email')
    .select('mobile.verified_at as mobile_verified_at', 'email.verified_at as email_verified_at'),
)

export async function findVerifiedAddresses(
  db: Knex,
  userId: number,
): Promise<VerifiedAddresses | undefined> {
  return readVerifiedAddresses.first(db, userId)
}
