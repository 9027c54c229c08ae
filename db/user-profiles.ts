import type { Knex } from 'knex'
import type { UserBaseRow, UserInfoRow } from './users.js'

/** A user as he sees himself: all his rows in one. Null where an imported user has no such row yet. */
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
  /** The street of his default address. */
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

/** What a user sees of himself (front.account.user.info), in one statement. */
export async function findUserCard(db: Knex, userId: number): Promise<UserCardRow | undefined> {
  const unread = db('account_user_message')
    .where({ user_id: userId, message_kind: 2, message_is_read: 0 })
    .count('*')
    .as('unread_number')
  const address = db('account_user_delivery_address')
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
    .first<UserCardRow | undefined>(
      'info.*',
      'base.user_id',
      'base.user_account',
      'base.user_created_at',
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
}

/** What a user may write about himself. */
export type OwnFields = Partial<
  Pick<
    UserInfoRow,
    | 'user_nickname'
    | 'user_avatar'
    | 'user_gender'
    | 'user_birthday'
    | 'user_realname'
    | 'user_sign'
    | 'tag_ids'
  >
>

/** Changes the given fields only. Rows of an imported base table may have no info row yet. */
export async function saveOwnFields(db: Knex, userId: number, change: OwnFields): Promise<void> {
  await upsertFields(db, userId, change)
}

/** What a certificate shows of itself in the user's row; `user_idcard` masked. */
export type CertificateFields = Pick<
  UserInfoRow,
  'user_realname' | 'user_idcard' | 'user_idcard_images' | 'user_is_authentication'
>

export async function saveCertificateFields(
  db: Knex,
  userId: number,
  change: Partial<CertificateFields>,
): Promise<void> {
  await upsertFields(db, userId, change)
}

async function upsertFields(db: Knex, userId: number, change: Partial<UserInfoRow>): Promise<void> {
  const columns = Object.keys(change) as (keyof UserInfoRow)[]
  if (columns.length === 0) return
  await db('account_user_info')
    .insert({ user_id: userId, ...change })
    .onConflict('user_id')
    .merge(columns)
}

/** How a user signs in by password and by number, as long as the session he calls with is alive. */
export type CallerRow = Pick<UserBaseRow, 'user_id' | 'user_account' | 'user_password' | 'user_salt'> &
  Nullable<Pick<UserInfoRow, 'user_intl' | 'user_mobile'>>

/**
 * The user a session belongs to, undefined once it was ended or he is locked: read anew, as sessions are remembered
 * for a moment.
 */
export async function findCaller(
  db: Knex,
  { userId, tokenId }: { readonly userId: number; readonly tokenId: string },
): Promise<CallerRow | undefined> {
  return db('account_user_base as base')
    .join('user_session as session', (on) =>
      on
        .on('session.user_id', 'base.user_id')
        .andOn('session.generation', 'base.session_generation')
        .andOnVal('session.token_id', tokenId),
    )
    .leftJoin('account_user_info as info', 'info.user_id', 'base.user_id')
    .where('base.user_id', userId)
    .whereNull('session.revoked_at')
    .whereRaw('coalesce(info.user_state, 1) <> 0')
    .first<CallerRow | undefined>(
      'base.user_id',
      'base.user_account',
      'user_password',
      'user_salt',
      'user_intl',
      'user_mobile',
    )
}
