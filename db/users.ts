import type { Knex } from 'knex'
import { defined } from '../gateway/wire/defined-fields.js'
import { isMysql, isOnGalera } from './connect.js'
import { openUserBooks } from './user-books.js'
import { firstLevelOf } from './user-levels.js'
import { saveUserInfo } from './user-info.js'

export interface UserBaseRow {
  user_id: number
  user_account: string
  user_password: string
  user_salt: string
  /** Raised to end all sessions at once: a token of an older generation is dead. */
  session_generation: number
  user_created_at: number
  /**
   * Ours: 1 while an administrator has locked the user. The old shop writes back whole rows of `account_user_info` that
   * it read before, the state in them (account-beside.md §6).
   */
  user_locked: number
}

/** The state that counts, of `account_user_base` as `base` and `account_user_info` as `info`. */
export const currentState = 'case when base.user_locked = 1 then 0 else coalesce(info.user_state, 1) end'

declare module 'knex/types/tables.js' {
  interface Tables {
    account_user_base: UserBaseRow
  }
}

export async function userExists(db: Knex, userId: number): Promise<boolean> {
  return (await db('account_user_base').where({ user_id: userId }).first('user_id')) !== undefined
}

/** The smallest id of a user; undefined when there is none. */
export async function findFirstUserId(db: Knex): Promise<number | undefined> {
  return (await db('account_user_base').orderBy('user_id').first('user_id'))?.user_id
}

/** Those of some users whom there is. */
export async function findExistingUsers(db: Knex, userIds: readonly number[]): Promise<Set<number>> {
  const found: number[] = await db('account_user_base')
    .whereIn('user_id', [...userIds])
    .pluck('user_id')
  return new Set(found)
}

/**
 * Locks the user's row until the transaction ends, so that changes of one user happen one after the other: on a Galera
 * cluster, where a lock is its own node's, by a write as well.
 */
export async function lockUser(db: Knex, userId: number): Promise<boolean> {
  const row = await db('account_user_base').where({ user_id: userId }).forUpdate().first('user_id')
  if (row && isOnGalera(db)) await openUserBooks(db, [userId])
  return row !== undefined
}

export async function updateState(db: Knex, userId: number, state: number): Promise<void> {
  await db('account_user_base')
    .where({ user_id: userId })
    .update({ user_locked: state === 0 ? 1 : 0 })
  await saveUserInfo(db, userId, { user_state: state })
}

/** Locks again whom the old shop has unlocked by writing back an older row. Returns how many. */
export async function restoreLocks(db: Knex): Promise<number> {
  const locked = db('account_user_base').where({ user_locked: 1 }).select('user_id')
  return db('account_user_info')
    .whereIn('user_id', locked)
    .whereNot({ user_state: 0 })
    .update({ user_state: 0 })
}

export interface NewUser {
  readonly userId?: number
  readonly account: string
  readonly passwordHash: string
  /** Of a hash that does not hold its own. */
  readonly passwordSalt?: string
  readonly nickname?: string
  readonly avatar?: string
  /** Where the user registered, `user_from`. */
  readonly from?: number
  readonly intl?: string
  readonly mobile?: string
  readonly email?: string
  readonly createdAt: number
}

/** Stands for no birthday: the old column takes no null, and clients show NaN for it (account-beside.md §6). */
export const unknownBirthday = '1971-01-01'

/** Inserts the two rows every user has and returns the id. Throws a duplicate error for a taken account or id. */
export async function insertUser(db: Knex, user: NewUser): Promise<number> {
  const [userId = 0] = await db('account_user_base').insert({
    ...defined({ user_id: user.userId }),
    user_account: user.account,
    user_password: user.passwordHash,
    user_salt: user.passwordSalt ?? '',
    user_created_at: user.createdAt,
  })
  await db('account_user_info').insert({
    user_id: userId,
    user_account: user.account,
    user_nickname: user.nickname ?? user.account,
    user_gender: 0,
    user_birthday: unknownBirthday,
    user_level_id: firstLevelOf(db),
    user_intl: user.intl ?? '+86',
    user_mobile: user.mobile ?? '',
    user_email: user.email ?? '',
    user_avatar: user.avatar ?? '',
    user_from: user.from ?? 2310,
  })
  return userId
}

/** The highest id of a user; 0 without users. */
export async function findGreatestUserId(db: Knex): Promise<number> {
  const row = await db('account_user_base').max({ greatest: 'user_id' }).first()
  return Number(row?.['greatest'] ?? 0)
}

/** The id that the database gives the next user who is inserted without one. */
export async function findNextUserId(db: Knex): Promise<number> {
  const after = (await findGreatestUserId(db)) + 1
  if (!isMysql(db)) return after
  const row: { next: number | string | null } | undefined = await db('information_schema.tables')
    .whereRaw('table_schema = database()')
    .where({ table_name: 'account_user_base' })
    .first(db.raw('auto_increment as next'))
  return Math.max(after, Number(row?.next ?? 0))
}

export async function findUserIdByAccount(db: Knex, account: string): Promise<number | undefined> {
  return (await db('account_user_base').where({ user_account: account }).first('user_id'))?.user_id
}

export async function hasUsers(db: Knex): Promise<boolean> {
  return (await db('account_user_base').first('user_id')) !== undefined
}
