import type { Knex } from 'knex'

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
  await db('account_user_login').insert({ ...row, user_active_time: row.user_reg_time })
}

export interface SignedInAt {
  readonly userId: number
  readonly account: string
  readonly ip: string
  /** Milliseconds. */
  readonly at: number
}

/** Counts a sign-in and adds it to the history. Rows of an imported user table may have no login row yet. */
export async function recordSignIn(db: Knex, { userId, account, ip, at }: SignedInAt): Promise<void> {
  const last = { user_lastlogin_ip: ip, user_lastlogin_time: at, user_active_time: at }
  await db('account_user_login')
    .insert({ user_id: userId, user_count_login: 1, ...last })
    .onConflict('user_id')
    .merge({ ...last, user_count_login: db.raw('account_user_login.user_count_login + 1') })
  await db('account_user_login_history').insert({
    user_id: userId,
    user_account: account,
    user_login_ip: ip,
    user_login_time: at,
    user_login_state: 1,
  })
}

export async function findUserLogin(db: Knex, userId: number): Promise<UserLoginRow | undefined> {
  return db('account_user_login').where({ user_id: userId }).first()
}
