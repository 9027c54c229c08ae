import type { Knex } from 'knex'
import type { ListDefinition } from './list-query.js'

export interface UserLoginRow {
  user_id: number
  user_active_time: number
  user_reg_ip: string
  /** `yyyy-MM-dd` in the server's zone. */
  user_reg_date: string | null
  user_reg_time: number
  user_count_login: number
  user_lastlogin_ip: string
  user_lastlogin_time: number
  user_clientid: string
}

export interface LoginHistoryRow {
  user_login_history_id: number
  user_id: number
  user_account: string
  user_login_ip: string
  user_login_time: number
  /** 1: signed in. */
  user_login_state: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    account_user_login: UserLoginRow
    account_user_login_history: LoginHistoryRow
  }
}

export async function insertUserLogin(
  db: Knex,
  row: Pick<UserLoginRow, 'user_id' | 'user_reg_ip' | 'user_reg_date' | 'user_reg_time'>,
): Promise<void> {
  await db('account_user_login').insert({
    ...row,
    user_lastlogin_ip: row.user_reg_ip,
    user_lastlogin_time: row.user_reg_time,
  })
}

export interface SignedInAt {
  readonly userId: number
  readonly account: string
  readonly ip: string
  /** Milliseconds. */
  readonly at: number
}

/**
 * Counts a sign-in, provided that the last one was not before `since`; returns whether it was so. `user_active_time` says
 * when that was: in `user_lastlogin_time` the old shop's users have their registration (account-beside.md §6).
 */
export async function countSignIn(db: Knex, { userId, ip, at }: SignedInAt, since: number): Promise<boolean> {
  const counted = await db('account_user_login')
    .where({ user_id: userId })
    .where('user_active_time', '>=', since)
    .update({
      user_lastlogin_ip: ip,
      user_lastlogin_time: at,
      user_active_time: at,
      user_count_login: db.raw('user_count_login + 1'),
    })
  return counted > 0
}

/** Adds a sign-in to the history. */
export async function recordSignIn(db: Knex, { userId, account, ip, at }: SignedInAt): Promise<void> {
  await db('account_user_login_history').insert({
    user_id: userId,
    user_account: account,
    user_login_ip: ip,
    user_login_time: at,
    user_login_state: 1,
  })
}

/** Addresses that a user has signed in from lately, the newest first. */
export async function listSignInAddresses(db: Knex, userId: number, most: number): Promise<string[]> {
  return db('account_user_login_history')
    .where({ user_id: userId })
    .orderBy('user_login_time', 'desc')
    .limit(most)
    .pluck('user_login_ip')
}

/**
 * The user's login row, locked until the transaction ends, so that only one of several parallel sign-ins is the first
 * of a day. Made if missing: imported users may have none yet.
 */
export async function lockUserLogin(db: Knex, userId: number): Promise<UserLoginRow> {
  const find = () => db('account_user_login').where({ user_id: userId }).forUpdate().first()
  const known = await find()
  if (known) return known
  await db('account_user_login').insert({ user_id: userId }).onConflict('user_id').ignore()
  const made = await find()
  if (!made) throw new Error('a row that was just written is gone')
  return made
}

/** The sign-ins of all users, the newest first, as administrators list them (account-beside.md §4.6). */
export const signInList: ListDefinition<LoginHistoryRow> = {
  from: (db) => db('account_user_login_history'),
  columns: {
    user_login_history_id: 'user_login_history_id',
    user_id: 'user_id',
    user_account: 'user_account',
    user_login_ip: 'user_login_ip',
    user_login_time: 'user_login_time',
    user_login_state: 'user_login_state',
  },
  filters: { user_id: 'user_id', user_account: 'user_account', user_login_ip: 'user_login_ip' },
  sortable: ['user_login_history_id'],
  searchable: [],
  time: 'user_login_time',
  order: [{ column: 'user_login_history_id', descending: true }],
  key: 'user_login_history_id',
}
