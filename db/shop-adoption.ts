import type { Knex } from 'knex'
import type { BindingRow } from './bindings.js'
import type { IdentityKind } from './identities.js'
import type { UserInfoRow } from './users.js'
import { insertSlices } from './statement-size.js'

/** How far one step of taking over a shop's users has come. */
export interface AdoptionRow {
  step: string
  /** The last user id that is done. */
  position: number
  done_at: number | null
}

/** A number, an e-mail or a WeChat identity that two users of the old shop had; the one of `kept_user_id` was kept. */
export interface IdentityConflictRow {
  kind: IdentityKind
  value: string
  user_id: number
  kept_user_id: number
  found_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    shop_adoption: AdoptionRow
    identity_conflict: IdentityConflictRow
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

export async function countOldUsers(db: Knex): Promise<number> {
  const row = await db('account_user_info').count({ users: '*' }).first()
  return Number(row?.['users'] ?? 0)
}

/** What of an old user matters: addresses, id card, and how the shop knew the user. */
export type OldUser = Pick<
  UserInfoRow,
  'user_id' | 'user_intl' | 'user_mobile' | 'user_email' | 'user_idcard'
>
export type OldBinding = Pick<
  BindingRow,
  'user_id' | 'bind_type' | 'bind_id' | 'bind_openid' | 'bind_unionid' | 'bind_time'
>

/** Users after an id, in the order of their ids. */
export async function listOldUsers(db: Knex, after: number, most: number): Promise<OldUser[]> {
  return db('account_user_info')
    .select('user_id', 'user_intl', 'user_mobile', 'user_email', 'user_idcard')
    .where('user_id', '>', after)
    .orderBy('user_id')
    .limit(most)
}

/** Their bindings of some types (`bind_type`) that are in force. */
export async function listOldBindings(
  db: Knex,
  userIds: readonly number[],
  bindTypes: readonly number[],
): Promise<OldBinding[]> {
  return db('account_user_bind_connect')
    .select('user_id', 'bind_type', 'bind_id', 'bind_openid', 'bind_unionid', 'bind_time')
    .whereIn('user_id', [...userIds])
    .whereIn('bind_type', [...bindTypes])
    .whereNot('bind_active', 0)
}

/** Shows no more of the users' cards than `masked`, and keeps their numbers sealed. */
export async function sealIdcards(
  db: Knex,
  cards: readonly { readonly userId: number; readonly masked: string; readonly sealed: string }[],
  now: number,
): Promise<void> {
  await insertSlices(
    cards.map(({ userId, sealed }) => ({ user_id: userId, sealed_idcard: sealed, submitted_at: now })),
    (some) => db('user_certificate').insert(some).onConflict('user_id').ignore(),
  )
  // The rows are there, so this only updates, whatever else they hold.
  await insertSlices(
    cards.map(({ userId, masked }) => ({ user_id: userId, user_idcard: masked })),
    (some) => db('account_user_info').insert(some).onConflict('user_id').merge(['user_idcard']),
  )
}

export async function insertConflicts(db: Knex, rows: readonly IdentityConflictRow[]): Promise<void> {
  await insertSlices(rows, (some) => db('identity_conflict').insert(some).onConflict().ignore())
}

/** Notes that two users have the same; returns whether it was not known yet. */
export async function noteConflict(db: Knex, row: IdentityConflictRow): Promise<boolean> {
  const { kind, value, user_id } = row
  if (await db('identity_conflict').where({ kind, value, user_id }).first('user_id')) return false
  await insertConflicts(db, [row])
  return true
}

/** Oldest users first. */
export async function listConflicts(db: Knex, most: number): Promise<IdentityConflictRow[]> {
  return db('identity_conflict').orderBy(['kind', 'value', 'user_id']).limit(most)
}

export async function countConflicts(db: Knex): Promise<number> {
  const row = await db('identity_conflict').count({ conflicts: '*' }).first()
  return Number(row?.['conflicts'] ?? 0)
}
