import type { Knex } from 'knex'

/** Balances of a user. MySQL's driver answers decimals as text. */
export interface UserResourceRow {
  user_id: number
  currency_id: number
  currency_symbol_left: string
  user_points: number | string
  user_exp: number
  version: number
  readonly [balance: string]: number | string
}

/** 1: added, 2: taken. */
type HistoryKind = 1 | 2

export interface PointsHistoryRow {
  points_log_id: number
  points_kind_id: HistoryKind
  points_type_id: number
  user_id: number
  points_log_points: number
  /** The balance after. */
  user_points: number
  points_log_time: number
  points_log_desc: string
  store_id: number
  points_log_date: string
}

export interface ExpHistoryRow {
  exp_log_id: number
  exp_kind_id: HistoryKind
  exp_type_id: number
  user_id: number
  exp_log_value: number
  /** The balance before. */
  user_exp: number
  exp_log_time: number
  exp_log_desc: string
  store_id: number
  exp_log_date: string
}

declare module 'knex/types/tables.js' {
  interface Tables {
    pay_user_resource: UserResourceRow
    pay_user_points_history: PointsHistoryRow
    pay_user_exp_history: ExpHistoryRow
  }
}

/** The user's balances, made if missing, locked until the transaction ends. */
export async function lockUserResource(db: Knex, userId: number): Promise<UserResourceRow> {
  await db('pay_user_resource').insert({ user_id: userId }).onConflict('user_id').merge(['user_id'])
  const row = await db('pay_user_resource').where({ user_id: userId }).forUpdate().first()
  if (!row) throw new Error('a row that was just written is gone')
  return row
}

export async function updateBalance(
  db: Knex,
  userId: number,
  column: 'user_points' | 'user_exp',
  value: number,
): Promise<void> {
  await db('pay_user_resource')
    .where({ user_id: userId })
    .update({ [column]: value, version: db.raw('version + 1') })
}

export async function insertPointsHistory(
  db: Knex,
  row: Omit<PointsHistoryRow, 'points_log_id'>,
): Promise<void> {
  await db('pay_user_points_history').insert(row)
}

export async function insertExpHistory(db: Knex, row: Omit<ExpHistoryRow, 'exp_log_id'>): Promise<void> {
  await db('pay_user_exp_history').insert(row)
}

export async function findUserResource(db: Knex, userId: number): Promise<UserResourceRow | undefined> {
  return db('pay_user_resource').where({ user_id: userId }).first()
}
