import type { Knex } from 'knex'
import { compileRead } from './compiled-read.js'
import { currentState, type UserBaseRow } from './users.js'
import type { UserInfoRow } from './user-info.js'

/** What a user is shown of the own account: all rows in one. Null where an imported user has no such row yet. */
export type UserCardRow = Pick<UserBaseRow, 'user_id' | 'user_account' | 'user_created_at'> &
  Nullable<Omit<UserInfoRow, 'user_id' | 'user_account' | 'user_from' | 'user_new'>> &
  Nullable<CardExtras> &
  // MySQL's driver answers decimals as text.
  Readonly<Record<(typeof balances)[number], number | string | null>> & {
    unread_number: number
  }

type Nullable<Row> = { [Column in keyof Row]: Row[Column] | null }

interface CardExtras {
  user_reg_time: number
  user_lastlogin_time: number
  user_level_name: string
  currency_id: number
  currency_symbol_left: string
  user_role_id: number
  user_role_name: string
  /** The street of the default address. */
  ud_address: string
}

const balances = [
  'user_money',
  'user_money_frozen',
  'user_recharge_card',
  'user_recharge_card_frozen',
  'user_points',
  'user_points_frozen',
  'user_credit',
  'user_credit_frozen',
  'user_credit_used',
  'user_credit_total',
  'user_margin',
  'user_redpack',
  'user_redpack_frozen',
  'user_exp',
] as const

const infoColumns = [
  'user_nickname',
  'user_avatar',
  'user_mobile',
  'user_intl',
  'user_email',
  'user_gender',
  'user_birthday',
  'user_level_id',
  'user_realname',
  'user_idcard',
  'user_idcard_images',
  'user_is_authentication',
  'tag_ids',
  'user_sign',
] as const satisfies readonly (keyof UserCardRow)[]

const readCard = compileRead<UserCardRow, [userId: number]>((db, userId) => {
  const unread: Knex.QueryBuilder = db('account_user_message')
    .where({ user_id: userId, message_kind: 2, message_is_read: 0 })
    .count('*')
    .as('unread_number')
  const address: Knex.QueryBuilder = db('account_user_delivery_address')
    .where({ user_id: userId, ud_is_default: 1 })
    .orderBy('ud_id', 'desc')
    .limit(1)
    .select('ud_address')
    .as('ud_address')
  return db('account_user_base as base')
    .leftJoin('account_user_info as info', 'info.user_id', 'base.user_id')
    .leftJoin('account_user_login as login', 'login.user_id', 'base.user_id')
    .leftJoin('account_user_level as level', 'level.user_level_id', 'info.user_level_id')
    .leftJoin('pay_user_resource as resource', 'resource.user_id', 'base.user_id')
    .leftJoin('admin_user_admin as admin', 'admin.user_id', 'base.user_id')
    .leftJoin('admin_user_role as role', 'role.user_role_id', 'admin.user_role_id')
    .where('base.user_id', userId)
    .select(
      ...infoColumns.map((column) => `info.${column}`),
      'base.user_id',
      'base.user_account',
      'base.user_created_at',
      db.raw(`${currentState} as user_state`),
      'login.user_reg_time',
      'login.user_lastlogin_time',
      'level.user_level_name',
      ...balances.map((column) => `resource.${column}`),
      'resource.currency_id',
      'resource.currency_symbol_left',
      'role.user_role_id',
      'role.user_role_name',
      unread,
      address,
    )
})

/** What a user is shown of the own account (front.account.user.info), in one statement. */
export async function findUserCard(db: Knex, userId: number): Promise<UserCardRow | undefined> {
  return readCard.first(db, userId)
}
