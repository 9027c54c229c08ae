import type { Knex } from 'knex'
import { compileRead } from './compiled-read.js'
import type { ListDefinition } from './list-definition.js'
import { writtenFor } from './shop/raw-sql.js'
import { insertSlices } from './statement-size.js'

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
  row: Pick<UserLoginRow, 'user_id' | 'user_reg_ip' | 'user_reg_date' | 'user_reg_time'> &
    Partial<Pick<UserLoginRow, 'user_active_time' | 'user_count_login'>>,
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

const readActiveTime = compileRead<Pick<UserLoginRow, 'user_active_time'>, [userId: number]>((db, userId) =>
  db('account_user_login').select('user_active_time').where('user_id', userId),
)

/**
 * When a user last signed in (ms), 0 for never. `user_active_time` says it: in `user_lastlogin_time` the old shop's users
 * have their registration (account-beside.md §6).
 */
export async function findLastSignIn(db: Knex, userId: number): Promise<number> {
  return (await readActiveTime.first(db, userId))?.user_active_time ?? 0
}

/** Counts a sign-in, provided that it is the user's first since `since`, a moment (ms); returns whether it is. */
export async function countFirstSignIn(
  db: Knex,
  { userId, ip, at }: SignedInAt,
  since: number,
): Promise<boolean> {
  const counted = await db('account_user_login')
    .where({ user_id: userId })
    .where('user_active_time', '<', since)
    .update({
      user_lastlogin_ip: ip,
      user_lastlogin_time: at,
      user_active_time: at,
      user_count_login: db.raw('user_count_login + 1'),
    })
  return counted > 0
}

/** Adds sign-ins to the history. */
export async function recordSignIns(db: Knex, signIns: readonly SignedInAt[]): Promise<void> {
  await insertSlices(
    signIns.map(({ userId, account, ip, at }) => ({
      user_id: userId,
      user_account: account,
      user_login_ip: ip,
      user_login_time: at,
      user_login_state: 1,
    })),
    (some) => db('account_user_login_history').insert(some),
  )
}

/**
 * Counts sign-ins in the rows of their users, in one statement. They may come late and in any order: the last one of a
 * user is what is shown.
 */
export async function countSignIns(db: Knex, signIns: readonly SignedInAt[]): Promise<void> {
  if (signIns.length === 0) return
  const last = new Map<number, SignedInAt>()
  const counts = new Map<number, number>()
  for (const signIn of signIns) {
    const { userId, at } = signIn
    counts.set(userId, (counts.get(userId) ?? 0) + 1)
    if (at >= (last.get(userId)?.at ?? 0)) last.set(userId, signIn)
  }
  const timeOf = (column: TimeColumn, { at }: SignedInAt) => writtenFor(db, column, at)
  /** The value of each user's last sign-in, where the row holds none that is later. */
  const newest = (column: string, time: TimeColumn, valueOf: (signIn: SignedInAt) => string | number) => {
    const cases = [...last].map(() => `when user_id = ? and ${time} <= ? then ?`)
    const values = [...last].flatMap(([userId, signIn]) => [userId, timeOf(time, signIn), valueOf(signIn)])
    return db.raw(`case ${cases.join(' ')} else ${column} end`, values)
  }
  const newestTime = (column: TimeColumn) => newest(column, column, (signIn) => timeOf(column, signIn))
  const added = `case user_id ${[...counts].map(() => 'when ? then ?').join(' ')} else 0 end`
  await db('account_user_login')
    .whereIn('user_id', [...counts.keys()])
    .update({
      // MySQL sets one column after the other: the address is decided while the time is still the old one.
      user_lastlogin_ip: newest('user_lastlogin_ip', 'user_lastlogin_time', ({ ip }) => ip),
      user_lastlogin_time: newestTime('user_lastlogin_time'),
      user_active_time: newestTime('user_active_time'),
      user_count_login: db.raw(`user_count_login + ${added}`, [...counts].flat()),
    })
}

type TimeColumn = 'user_lastlogin_time' | 'user_active_time'

/** Addresses that a user has signed in from lately, the newest first. */
export async function listSignInAddresses(db: Knex, userId: number, most: number): Promise<string[]> {
  return db('account_user_login_history')
    .where({ user_id: userId })
    .orderBy('user_login_time', 'desc')
    .limit(most)
    .pluck('user_login_ip')
}

/** A user's last sign-ins, the newest first. */
export async function listSignIns(
  db: Knex,
  userId: number,
  most: number,
): Promise<Pick<LoginHistoryRow, 'user_login_ip' | 'user_login_time'>[]> {
  return db('account_user_login_history')
    .where({ user_id: userId })
    .orderBy('user_login_time', 'desc')
    .limit(most)
    .select('user_login_ip', 'user_login_time')
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
