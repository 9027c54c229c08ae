import type { Knex } from 'knex'
import { type AddressKind, addressBindTypes, ownersBindings, ownersSql } from './address-owners.js'
import { compileRead } from './compiled-read.js'

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

/** Who has an address, and since when proved (ms; null: claimed only). */
export interface AddressOwner {
  readonly value: string
  readonly user_id: number
  readonly verified_at: number | null
}

const readOwner = (kind: AddressKind) =>
  compileRead<{ user_id: number; verified_at: number | string | null }>((db) =>
    db
      .from(db.raw(`(${ownersSql(db, kind)}) as found`))
      .join('account_user_base as base', 'base.user_id', 'found.user_id')
      .select('found.user_id', 'found.verified_at')
      .orderByRaw('found_by, found.user_id'),
  )

const readOwners = { mobile: readOwner('mobile'), email: readOwner('email') }

/** Who has an address by all that both servers have written; undefined for nobody. */
export async function findAddressOwner(
  db: Knex,
  kind: AddressKind,
  value: string,
): Promise<AddressOwner | undefined> {
  const [found] = await readOwners[kind](db, ownersBindings(kind, value))
  if (!found) return undefined
  const { user_id, verified_at } = found
  return { value, user_id, verified_at: verified_at === null ? null : Number(verified_at) }
}

/** The address of a kind that a user has, the one bound here first. */
export async function findAddressOfUser(
  db: Knex,
  kind: AddressKind,
  userId: number,
): Promise<AddressOwner | undefined> {
  const own = await db('user_identity').where({ kind, user_id: userId }).first('value')
  const found = own && (await findAddressOwner(db, kind, own.value))
  if (found?.user_id === userId) return found
  const bound = await db('account_user_bind_connect')
    .where({ user_id: userId, bind_type: addressBindTypes[kind] })
    .whereNot('bind_active', 0)
    .orderBy('bind_id')
    .first('bind_id', 'bind_time')
  return (
    bound && { value: ownedForm(kind, bound.bind_id), user_id: userId, verified_at: bound.bind_time || 1 }
  )
}

/** A bound address as it is owned: a number in E.164, an e-mail address in lower case. */
export function ownedForm(kind: AddressKind, bindId: string): string {
  if (kind === 'email') return bindId.toLowerCase()
  if (/^1\d{10}$/.test(bindId)) return `+86${bindId}`
  return /^86\d{11}$/.test(bindId) ? `+${bindId}` : bindId
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
  const { kind, value, user_id } = row
  if (await isProvedBy(db, row, (owner) => owner !== user_id)) return false
  await db('user_identity').where({ kind, user_id }).whereNot({ value }).delete()
  const insert = () => db('user_identity').insert(row).onConflict(['kind', 'value']).ignore()
  await insert()
  // Locked, so that what its owner has bound together with it is committed.
  const holder = await db('user_identity').where({ kind, value }).forUpdate().first()
  if (holder && holder.user_id !== user_id) {
    const isProved = holder.verified_at !== null
    if (isProved && (await isProvedBy(db, row, (owner) => owner === holder.user_id))) return false
    await db('user_identity').where({ kind, value, user_id: holder.user_id }).delete()
    await insert()
  }
  await db('user_identity').where({ kind, value }).update({ verified_at: row.verified_at })
  return true
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
  readonly user_id: number
  readonly user_intl: string | null
  readonly user_mobile: string | null
  readonly user_email: string | null
  readonly mobile_verified_at: number | null
  readonly email_verified_at: number | null
}

export async function findVerifiedAddresses(
  db: Knex,
  userId: number,
): Promise<VerifiedAddresses | undefined> {
  const shown = await db('account_user_base as base')
    .leftJoin('account_user_info as info', 'info.user_id', 'base.user_id')
    .where('base.user_id', userId)
    .first<Omit<VerifiedAddresses, `${AddressKind}_verified_at`> | undefined>(
      'base.user_id',
      'user_intl',
      'user_mobile',
      'user_email',
    )
  const verifiedAt = async (kind: AddressKind) =>
    (await findAddressOfUser(db, kind, userId))?.verified_at ?? null
  return (
    shown && {
      ...shown,
      mobile_verified_at: await verifiedAt('mobile'),
      email_verified_at: await verifiedAt('email'),
    }
  )
}
