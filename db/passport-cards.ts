import type { Knex } from 'knex'
import { compileRead } from './compiled-read.js'

/** Counts that other systems own and set. */
export interface PassportCounterRow {
  user_id: number
  coupon_count: number
  order_count: number
  refund_count: number
  yohocoin_count: number
  cur_total_cost: number | string
  cur_year_cost: number | string
}

/** A user's VIP level and the seconds since 1970 between which it holds. */
export interface PassportVipRow {
  user_id: number
  level: number
  starts_at: number
  ends_at: number
}

export interface VipLevelRow {
  level: number
  title: string
  need_cost: number | string
  common_discount: number | string
  promotion_discount: number | string
  /** Comma list. */
  premium_scopes: string
  /** May name a level that the operator has not added. */
  next_level: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    passport_counter: PassportCounterRow
    passport_vip: PassportVipRow
    passport_vip_level: VipLevelRow
  }
}

type Nullable<T> = { [Key in keyof T]: T[Key] | null }

/** All that open.passport.get shows of a user, in one read; null where a table has no row of the user. */
export type CardRow = { user_id: number; unread: number } & Nullable<
  Omit<PassportCounterRow, 'user_id'> &
    Omit<PassportVipRow, 'user_id'> & { user_nickname: string; user_avatar: string }
>

const readCard = compileRead<CardRow, [userId: number]>((db, userId) =>
  db('account_user_base as base')
    .leftJoin('account_user_info as info', 'info.user_id', 'base.user_id')
    .leftJoin('passport_counter as counter', 'counter.user_id', 'base.user_id')
    .leftJoin('passport_vip as vip', 'vip.user_id', 'base.user_id')
    .select('base.user_id', 'user_nickname', 'user_avatar', 'level', 'starts_at', 'ends_at')
    .select(
      'coupon_count',
      'order_count',
      'refund_count',
      'yohocoin_count',
      'cur_total_cost',
      'cur_year_cost',
    )
    .select(
      db.raw(
        '(SELECT count(*) FROM account_user_message AS message WHERE message.user_id = base.user_id' +
          " AND message.message_kind = 2 AND message.message_is_read = '0') AS unread",
      ),
    )
    .where('base.user_id', userId),
)

export async function findCard(db: Knex, userId: number): Promise<CardRow | undefined> {
  return readCard.first(db, userId)
}

export async function listVipLevels(db: Knex): Promise<VipLevelRow[]> {
  return db('passport_vip_level').orderBy('level')
}

/** Changes the given counts only. */
export async function saveCounters(
  db: Knex,
  userId: number,
  change: Partial<Omit<PassportCounterRow, 'user_id'>>,
): Promise<void> {
  const fields = Object.keys(change) as (keyof PassportCounterRow)[]
  if (fields.length === 0) return
  await db('passport_counter')
    .insert({ user_id: userId, ...change })
    .onConflict('user_id')
    .merge(fields)
}

export async function saveVip(db: Knex, row: PassportVipRow): Promise<void> {
  await db('passport_vip').insert(row).onConflict('user_id').merge()
}
