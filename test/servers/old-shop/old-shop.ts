import { hash } from 'node:crypto'
import type { Knex } from 'knex'
import { createStatements, type OldSchema, readOldSchema, type Variant, variants } from './tables.js'

/** A user as the shop's old server stored the user. */
export interface OldShopUser {
  readonly user_id: number
  readonly user_account: string
  readonly password: string
  readonly nickname?: string
  /** National. */
  readonly mobile?: string
  readonly email?: string
  readonly idcard?: string
  /** `bind_id`s by `bind_type`. */
  readonly bindings?: Readonly<Record<number, string>>
}

/** The salt that the old server gave a user: 32 hex digits. */
const saltOf = (userId: number): string => hash('md5', `salt of ${userId}`)

/** The old algorithm. */
const oldHashOf = (userId: number, password: string): string => hash('md5', password + saltOf(userId))

/** When the old server bound the users' addresses. */
export const boundAt = Date.UTC(2019, 4, 6, 7, 8, 9)

/** How the old server writes rows: its tables, and times in the form that each column has there. */
export interface OldShop {
  readonly schema: OldSchema
  /** Writes rows by their own columns; what the shop's table lacks is left out. */
  readonly insert: (table: string, rows: readonly Record<string, unknown>[]) => Promise<void>
  /** An instant (ms) in the form of a column, in GMT+8. */
  at(table: string, column: string, instant: number): unknown
}

/** What the shop keeps in seconds, of the columns that could hold either. */
const secondsColumns = ['invoice_datetime', 'points_log_time', 'bind_time', 'user_lastlogin_time']

/** Makes the old shop's 44 tables in an empty MariaDB database, and the users as its register writes them. */
export async function makeOldShop(
  db: Knex,
  users: readonly OldShopUser[],
  variant: Variant = variants['as it is'],
): Promise<OldShop> {
  const schema = variant(readOldSchema())
  for (const statement of createStatements(schema)) await db.raw(statement)
  await db.raw('ALTER TABLE account_user_base AUTO_INCREMENT = 10002')
  const shop = oldShopOn(db, schema)
  await fillBuiltIn(shop)
  for (const user of users) await registerOld(shop, user)
  return shop
}

function oldShopOn(db: Knex, schema: OldSchema): OldShop {
  const columnOf = (table: string, name: string) => schema[table]?.columns.find((one) => one.name === name)
  return {
    schema,
    async insert(table, rows) {
      const known = rows.map((row) =>
        Object.fromEntries(
          Object.entries(row).flatMap(([name, value]) => {
            const type = columnOf(table, name)?.type
            if (type === undefined) return []
            // A number would be a place in the enum's list.
            return [[name, type.startsWith('enum') && typeof value === 'number' ? String(value) : value]]
          }),
        ),
      )
      if (known.length > 0) await db.table(table).insert(known)
    },
    at(table, column, instant) {
      const type = columnOf(table, column)?.type ?? ''
      if (type.startsWith('timestamp')) return db.raw('from_unixtime(?)', [Math.floor(instant / 1000)])
      const wall = new Date(instant + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
      if (type.startsWith('datetime')) return wall
      if (type.startsWith('date')) return wall.slice(0, 10)
      return type.startsWith('int') || (secondsColumns.includes(column) && type.startsWith('bigint'))
        ? Math.floor(instant / 1000)
        : instant
    },
  }
}

/** What every shop has from its first day, as far as tests need it. */
async function fillBuiltIn({ insert }: OldShop): Promise<void> {
  const levels = [
    [1001, 'vip1', 100, 0, 100],
    [1002, 'vip2', 0, 2, 95],
    [1003, 'vip3', 0, 3, 90],
  ] as const
  await insert(
    'account_user_level',
    levels.map(([id, name, exp, spend, rate]) => ({
      user_level_id: id,
      user_level_name: name,
      user_level_exp: exp,
      user_level_spend: spend,
      user_level_rate: rate,
      user_level_time: 20_200_101_000_000,
      user_level_is_buildin: 1,
    })),
  )
  const setting = (config_key: string, config_value: string) => ({ config_key, config_value })
  await insert('sys_config_base', [
    setting('points_reg', '30'),
    setting('exp_reg', '50'),
    setting('exp_login', '50'),
    setting('site_name', 'ModulithShop'),
  ])
  await insert('admin_user_role', [{ user_role_id: 1001, user_role_name: '系统管理员', menu_ids: '1,2' }])
  await insert('admin_menu_base', [
    { menu_id: 1, menu_name: 'users', menu_permission: '/manage/account/userInfo/list' },
    { menu_id: 2, menu_name: 'orders', menu_permission: '/manage/trade/orderBase/list' },
  ])
}

/** The rows of the old register (account-beside §6.1), with its column lists. */
export async function registerOld(shop: OldShop, user: OldShopUser): Promise<void> {
  const { user_id, user_account } = user
  await shop.insert('account_user_base', [
    { user_id, user_account, user_password: oldHashOf(user_id, user.password), user_salt: saltOf(user_id) },
  ])
  await shop.insert('account_user_info', [
    {
      user_id,
      user_account,
      user_nickname: user.nickname ?? user_account,
      user_avatar: '',
      user_level_id: 1001,
      user_gender: 0,
      user_birthday: '1971-01-01',
      user_intl: '+86',
      user_mobile: user.mobile ?? '',
      user_email: user.email ?? '',
      user_idcard: user.idcard ?? '',
    },
  ])
  const at = (column: string) => shop.at('account_user_login', column, boundAt)
  await shop.insert('account_user_login', [
    {
      user_id,
      user_reg_ip: '10.0.0.1',
      user_reg_date: at('user_reg_date'),
      user_reg_time: at('user_reg_time'),
      user_lastlogin_time: at('user_lastlogin_time'),
      user_lastlogin_ip: '10.0.0.1',
    },
  ])
  await shop.insert(
    'account_user_bind_connect',
    Object.entries(user.bindings ?? {}).map(([bind_type, bind_id]) => ({
      bind_id,
      bind_type: Number(bind_type),
      user_id,
      bind_time: shop.at('account_user_bind_connect', 'bind_time', boundAt),
      bind_openid: bind_id,
      bind_active: 1,
    })),
  )
  await shop.insert('pay_user_resource', [{ user_id, user_points: 30, user_exp: 50 }])
  await insertRewards(shop, user_id)
}

async function insertRewards(shop: OldShop, user_id: number): Promise<void> {
  await shop.insert('pay_user_points_history', [
    {
      points_kind_id: 1,
      points_type_id: 1,
      user_id,
      points_log_points: 30,
      user_points: 30,
      points_log_time: shop.at('pay_user_points_history', 'points_log_time', boundAt),
      points_log_desc: '注册赠送积分 30',
      points_log_date: shop.at('pay_user_points_history', 'points_log_date', boundAt),
      points_log_state: 1,
    },
  ])
  await shop.insert('pay_user_exp_history', [
    {
      exp_kind_id: 1,
      exp_type_id: 1,
      user_id,
      exp_log_value: 50,
      user_exp: 0,
      exp_log_desc: '用户注册',
      exp_log_date: shop.at('pay_user_exp_history', 'exp_log_date', boundAt),
    },
  ])
}
