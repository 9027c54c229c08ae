import type { Knex } from 'knex'
import { makeOldShop } from './old-shop.js'

const firstUser = 10_002

/** What every user has, and what of the shop's rows stand in each table. */
interface Filling {
  readonly table: string
  readonly columns: string
  /** Of `n`, the number of the row from 0, and `{user}`, the id of the user whose row it is. */
  readonly values: string
  readonly rows: (users: number) => number
}

const perUser = (users: number): number => users
const half = (users: number): number => Math.floor(users / 2)
const twice = (users: number): number => 2 * users

const registered = 1_557_126_489

/** Five of six users have bound a number, one of ten an e-mail; one of a hundred has the number of another. */
const fillings: readonly Filling[] = [
  {
    table: 'account_user_base',
    columns: 'user_id, user_account, user_password, user_salt',
    values: `{user}, concat('user', n), md5(n), md5(n + 1)`,
    rows: perUser,
  },
  {
    table: 'account_user_info',
    columns:
      'user_id, user_account, user_nickname, user_mobile, user_email, user_level_id, user_birthday, user_idcard',
    values: `{user}, concat('user', n), concat('nick', n), concat('139', lpad(if(n % 100 = 7, n - 1, n), 8, '0')),
      if(n % 3 = 0, concat('user', n, '@example.com'), ''), 1001, '1971-01-01',
      if(n % 20 = 0, concat('1101051949', lpad(n, 7, '0'), 'X'), '')`,
    rows: perUser,
  },
  {
    table: 'account_user_login',
    columns: 'user_id, user_reg_ip, user_reg_date, user_reg_time',
    values: `{user}, '10.0.0.1', '2019-05-06', ${registered}000`,
    rows: perUser,
  },
  {
    table: 'pay_user_resource',
    columns: 'user_id, user_points, user_exp',
    values: '{user}, 30, 50',
    rows: perUser,
  },
  {
    table: 'pay_user_points_history',
    columns: 'user_id, points_type_id, points_log_points, user_points, points_log_time, points_log_date',
    values: `{user}, 1, 30, 30, ${registered}, '2019-05-06'`,
    rows: perUser,
  },
  {
    table: 'pay_user_exp_history',
    columns: 'user_id, exp_type_id, exp_log_value, user_exp, exp_log_desc, exp_log_date',
    values: `{user}, 1, 50, 50, 'registered', '2019-05-06 00:00:00'`,
    rows: perUser,
  },
  {
    table: 'account_user_login_history',
    columns: 'user_id, user_account, user_login_ip, user_login_time',
    values: `{user}, concat('user', n), '10.0.0.1', ${registered}000`,
    rows: perUser,
  },
  {
    table: 'account_user_bind_connect',
    columns: 'bind_id, bind_type, user_id, bind_openid, bind_active',
    values: `case when n % 6 < 5 then concat('+86139', lpad(n, 8, '0')) else concat('bound', n, '@example.com') end,
      if(n % 6 < 5, 1, 2), {user}, '', 1`,
    rows: perUser,
  },
  {
    table: 'account_user_delivery_address',
    columns:
      'user_id, ud_name, ud_mobile, ud_province, ud_city, ud_county, ud_address, ud_time, ud_is_default',
    values: `{user}, 'Zhang San', concat('139', lpad(n, 8, '0')), 'Jiangsu', 'Nanjing', 'Jianye',
      concat('Jiangdong Middle Road ', n), from_unixtime(${registered} + n % 1000000), n % 2`,
    rows: twice,
  },
  {
    table: 'account_user_invoice',
    columns: 'user_id, invoice_title, invoice_company_code, invoice_content, invoice_is_default',
    values: `{user} div 2 * 2, concat('Company ', n), '91320105000000000X', 'Goods', 1`,
    rows: half,
  },
  {
    table: 'account_user_message',
    columns: 'user_id, message_kind, user_other_id, message_content, message_time',
    values: `{user}, 1 + n % 2, ${firstUser}, 'The parcel is on its way, it will be there soon', ${registered}000 + n`,
    rows: perUser,
  },
]

/**
 * Makes an old shop's database: for each user a number, a binding, a message, two delivery addresses and what the
 * register writes; for every other user an invoice, every other one a default like the one of the same user.
 */
export async function fillShop(db: Knex, users: number): Promise<void> {
  await makeOldShop(db, [])
  for (const { table, columns, values, rows } of fillings) {
    // One after the other as time would bring them: the rows of a user don't lie side by side.
    const row = values.replaceAll('{user}', `${firstUser} + (n % ${users})`)
    await db.raw(
      `INSERT INTO ${table} (${columns}) SELECT ${row} FROM (SELECT seq AS n FROM seq_0_to_${rows(users) - 1}) AS numbers`,
    )
  }
}
