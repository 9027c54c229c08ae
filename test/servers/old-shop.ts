import { hash } from 'node:crypto'
import type { Knex } from 'knex'

/** A user as the shop's old server stored him. */
export interface OldShopUser {
  readonly user_id: number
  readonly user_account: string
  readonly password: string
  readonly nickname?: string
  readonly mobile?: string
  readonly email?: string
  readonly idcard?: string
  /** `bind_id`s by `bind_type`. */
  readonly bindings?: Readonly<Record<number, string>>
}

/** The tables of account.md §8 as the old database has them: none of our columns, no index but the keys. */
const tables = [
  `CREATE TABLE account_user_base (user_id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_account varchar(100) NOT NULL, user_password varchar(255) NOT NULL, user_salt varchar(100) NOT NULL,
    UNIQUE KEY user_account (user_account)) AUTO_INCREMENT=10002`,
  `CREATE TABLE account_user_info (user_id int unsigned NOT NULL PRIMARY KEY,
    user_account varchar(100) NOT NULL DEFAULT '', user_nickname varchar(50) NOT NULL DEFAULT '',
    user_avatar varchar(255) NOT NULL DEFAULT '', user_state tinyint NOT NULL DEFAULT 1,
    user_mobile varchar(20) NOT NULL DEFAULT '', user_intl varchar(6) NOT NULL DEFAULT '+86',
    user_gender tinyint NOT NULL DEFAULT 0, user_birthday date NULL, user_email varchar(50) NOT NULL DEFAULT '',
    user_level_id int NOT NULL DEFAULT 0, user_realname varchar(20) NOT NULL DEFAULT '',
    user_idcard varchar(30) NOT NULL DEFAULT '', user_idcard_images varchar(1024) NOT NULL DEFAULT '',
    user_is_authentication tinyint NOT NULL DEFAULT 0, tag_ids varchar(512) NOT NULL DEFAULT '',
    user_from int NOT NULL DEFAULT 2310, user_new tinyint NOT NULL DEFAULT 1)`,
  `CREATE TABLE account_user_login (user_id int unsigned NOT NULL PRIMARY KEY,
    user_active_time bigint NOT NULL DEFAULT 0, user_reg_ip varchar(20) NOT NULL DEFAULT '', user_reg_date date NULL,
    user_reg_time bigint NOT NULL DEFAULT 0, user_count_login int NOT NULL DEFAULT 0,
    user_lastlogin_ip varchar(20) NOT NULL DEFAULT '', user_lastlogin_time bigint NOT NULL DEFAULT 0,
    user_clientid varchar(255) NOT NULL DEFAULT '')`,
  `CREATE TABLE account_user_login_history (user_login_history_id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id int unsigned NOT NULL, user_account varchar(100) NOT NULL DEFAULT '',
    user_login_ip varchar(20) NOT NULL DEFAULT '', user_login_time bigint NOT NULL DEFAULT 0,
    user_login_state tinyint NOT NULL DEFAULT 1)`,
  `CREATE TABLE account_user_bind_connect (bind_id varchar(100) NOT NULL, bind_type int NOT NULL,
    user_id int unsigned NOT NULL, bind_time bigint NOT NULL DEFAULT 0, bind_nickname varchar(50) NOT NULL DEFAULT '',
    bind_icon varchar(255) NOT NULL DEFAULT '', bind_openid varchar(100) NOT NULL DEFAULT '',
    bind_unionid varchar(100) NOT NULL DEFAULT '', bind_active tinyint NOT NULL DEFAULT 1)`,
  `CREATE TABLE sys_config_base (config_key varchar(50) NOT NULL PRIMARY KEY, config_title varchar(50) NOT NULL DEFAULT '',
    config_datatype varchar(20) NOT NULL DEFAULT '', config_options varchar(1024) NOT NULL DEFAULT '', config_value text,
    config_type_id int NOT NULL DEFAULT 0, config_note varchar(255) NOT NULL DEFAULT '',
    config_sort int NOT NULL DEFAULT 0, config_enable tinyint NOT NULL DEFAULT 1, config_buildin tinyint NOT NULL DEFAULT 0)`,
]

/** The salt that the old server gave a user: 32 hex digits. */
const saltOf = (userId: number): string => hash('md5', `salt of ${userId}`)

/** When the old server bound the users' addresses. */
export const boundAt = Date.UTC(2019, 4, 6, 7, 8, 9)

/** Fills an empty MariaDB database as the old shop left it. */
export async function makeOldShop(db: Knex, users: readonly OldShopUser[]): Promise<void> {
  for (const table of tables) await db.raw(`${table} CHARSET=utf8mb4`)
  await db('account_user_base').insert(
    users.map(({ user_id, user_account, password }) => ({
      user_id,
      user_account,
      user_password: hash('md5', password + saltOf(user_id)),
      user_salt: saltOf(user_id),
    })),
  )
  await db('account_user_info').insert(
    users.map((user) => ({
      user_id: user.user_id,
      user_account: user.user_account,
      user_nickname: user.nickname ?? user.user_account,
      user_mobile: user.mobile ?? '',
      user_email: user.email ?? '',
      user_idcard: user.idcard ?? '',
    })),
  )
  const bindings = users.flatMap(({ user_id, bindings = {} }) =>
    Object.entries(bindings).map(([bind_type, bind_id]) => ({
      user_id,
      bind_type: Number(bind_type),
      bind_id,
      bind_time: boundAt,
    })),
  )
  if (bindings.length > 0) await db('account_user_bind_connect').insert(bindings)
}
