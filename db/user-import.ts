import type { Knex } from 'knex'
import type { IdentityRow } from './identities.js'
import { findFirstLevelId } from './user-levels.js'
import { unknownBirthday, type UserBaseRow, type UserInfoRow } from './users.js'

/** Accounts and ids of the given ones that are taken. */
export async function findKnownUsers(
  db: Knex,
  userIds: readonly number[],
  accounts: readonly string[],
): Promise<Pick<UserBaseRow, 'user_id' | 'user_account'>[]> {
  return db('account_user_base')
    .select('user_id', 'user_account')
    .where((either) => void either.whereIn('user_id', [...userIds]).orWhereIn('user_account', [...accounts]))
}

/** Inserts base rows; those without an id get one. Returns id by account. */
export async function insertBaseRows(
  db: Knex,
  rows: readonly (Omit<UserBaseRow, 'user_id' | 'session_generation' | 'user_locked'> & {
    readonly user_id: number | undefined
  })[],
): Promise<Map<string, number>> {
  const withId = rows.filter(({ user_id }) => user_id !== undefined)
  const withoutId = rows
    .filter(({ user_id }) => user_id === undefined)
    .map(({ user_account, user_password, user_salt, user_created_at }) => {
      return { user_account, user_password, user_salt, user_created_at }
    })
  if (withId.length > 0) await db('account_user_base').insert(withId as UserBaseRow[])
  if (withoutId.length > 0) await db('account_user_base').insert(withoutId)
  const accounts = rows.map(({ user_account }) => user_account)
  const known = await findKnownUsers(db, [], accounts)
  return new Map(known.map(({ user_account, user_id }) => [user_account, user_id]))
}

/** Inserts rows of what users show; all begin with the first level and no birthday, as new users do. */
export async function insertInfoRows(db: Knex, rows: readonly Partial<UserInfoRow>[]): Promise<void> {
  if (rows.length === 0) return
  const first = { user_level_id: await findFirstLevelId(db), user_birthday: unknownBirthday }
  await db('account_user_info').insert(rows.map((row) => ({ ...first, ...row })))
}

/** Claims identities that nobody has; returns all owners of the given values, old and new. */
export async function claimIdentities(db: Knex, rows: readonly IdentityRow[]): Promise<IdentityRow[]> {
  if (rows.length === 0) return []
  await db('user_identity')
    .insert([...rows])
    .onConflict()
    .ignore()
  return db('user_identity').whereIn(
    ['kind', 'value'],
    rows.map(({ kind, value }) => [kind, value]),
  )
}
