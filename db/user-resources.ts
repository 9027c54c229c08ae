import type { Knex } from 'knex'
import { compileInsertNew } from './compiled-write.js'
import { isMysql } from './connect.js'
import { insertSlices } from './statement-size.js'

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

/** What is added to a user's balances. */
export type Gain = Readonly<Record<'points' | 'exp', number>>

/**
 * Adds to a user's balances, whose row is made if missing and locked until the transaction ends, and tells what they are
 * then.
 */
export async function addToBalances(db: Knex, userId: number, { points, exp }: Gain): Promise<Gain> {
  const added = (column: string) =>
    db.raw(`pay_user_resource.${column} + ${isMysql(db) ? `values(${column})` : `excluded.${column}`}`)
  await db('pay_user_resource')
    .insert({ user_id: userId, user_points: points, user_exp: exp })
    .onConflict('user_id')
    .merge({
      user_points: added('user_points'),
      user_exp: added('user_exp'),
      version: db.raw('pay_user_resource.version + 1'),
    })
  const row = await db('pay_user_resource').where({ user_id: userId }).first('user_points', 'user_exp')
  if (!row) throw new Error('a row that was just written is gone')
  return { points: Number(row.user_points), exp: row.user_exp }
}

const insertNew = compileInsertNew('pay_user_resource', ['user_id'])

/** The same for a user who was made just now and, nearly always, has no balances yet: those are then the gain. */
export async function startBalances(db: Knex, userId: number, gain: Gain): Promise<Gain> {
  const isNew = await insertNew(db, { user_id: userId, user_points: gain.points, user_exp: gain.exp })
  return isNew ? gain : addToBalances(db, userId, gain)
}

export async function insertPointsHistory(
  db: Knex,
  rows: readonly Omit<PointsHistoryRow, 'points_log_id'>[],
): Promise<void> {
  await insertSlices(rows, (some) => db('pay_user_points_history').insert(some))
}

export async function insertExpHistory(
  db: Knex,
  rows: readonly Omit<ExpHistoryRow, 'exp_log_id'>[],
): Promise<void> {
  await insertSlices(rows, (some) => db('pay_user_exp_history').insert(some))
}

export async function findUserResource(db: Knex, userId: number): Promise<UserResourceRow | undefined> {
  return db('pay_user_resource').where({ user_id: userId }).first()
}
