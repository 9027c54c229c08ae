import type { Knex } from 'knex'
import { mostRows, slicesOf } from '../../statement-size.js'
import type { BindingRow } from '../../bindings.js'
import type { UserInfoRow } from '../../user-info.js'

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

/** Users after an id who have bindings of some types (`bind_type`), in the order of their ids. */
export async function listBoundUsers(
  db: Knex,
  bindTypes: readonly number[],
  { after, most }: { readonly after: number; readonly most: number },
): Promise<number[]> {
  const rows: { user_id: number }[] = await db('account_user_bind_connect')
    .distinct('user_id')
    .where('user_id', '>', after)
    .whereIn('bind_type', [...bindTypes])
    .orderBy('user_id')
    .limit(most)
  return rows.map(({ user_id }) => user_id)
}

/** How many users `listBoundUsers` lists altogether. */
export async function countBoundUsers(db: Knex, bindTypes: readonly number[]): Promise<number> {
  const row = await db('account_user_bind_connect')
    .whereIn('bind_type', [...bindTypes])
    .countDistinct({ users: 'user_id' })
    .first()
  return Number(row?.['users'] ?? 0)
}

/** The bindings of some types that are in force, of users from one id to another. */
export async function listOldBindings(
  db: Knex,
  bindTypes: readonly number[],
  users: readonly [first: number, last: number],
): Promise<OldBinding[]> {
  return db('account_user_bind_connect')
    .select('user_id', 'bind_type', 'bind_id', 'bind_openid', 'bind_unionid', 'bind_time')
    .whereBetween('user_id', users)
    .whereIn('bind_type', [...bindTypes])
    .whereNot('bind_active', 0)
}

/** Shows no more of the users' cards than `masked`, and keeps their numbers sealed. */
export async function sealIdcards(
  db: Knex,
  cards: readonly { readonly userId: number; readonly masked: string; readonly sealed: string }[],
  now: number,
): Promise<void> {
  for (const some of slicesOf(cards, mostRows)) {
    await db('user_certificate')
      .insert(
        some.map(({ userId, sealed }) => ({ user_id: userId, sealed_idcard: sealed, submitted_at: now })),
      )
      .onConflict('user_id')
      .ignore()
    // The rows are there, so this only updates, whatever else they hold.
    await db('account_user_info')
      .insert(some.map(({ userId, masked }) => ({ user_id: userId, user_idcard: masked })))
      .onConflict('user_id')
      .merge(['user_idcard'])
  }
}
