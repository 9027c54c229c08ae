/**
 * What a column is for us, whatever its type: `text`; `number`; `flag` 0 or 1; `time` milliseconds, 0 for none;
 * `moment` `yyyy-MM-dd HH:mm:ss` in TIME_ZONE; `date` `yyyy-MM-dd`.
 */
export type ColumnKind = 'text' | 'number' | 'flag' | 'time' | 'moment' | 'date'

/** A column of an old shop's table that we read or write. */
export interface WantedColumn {
  readonly kind: ColumnKind
  /** Characters that must fit in. */
  readonly length?: number
  /** What we mean by not naming it; null: none. */
  readonly initial: string | number | null
  /** The highest number that we write, where a small integer would be too small. */
  readonly most?: number
  /** Has decimals. */
  readonly isDecimal?: true
  /** Without it the table is not ours to read. */
  readonly isKey?: true
  /** Every insert of ours names it, and never with null. */
  readonly isNamed?: true
}

const text = (length: number, initial = ''): WantedColumn => ({ kind: 'text', length, initial })
const number = (initial = 0): WantedColumn => ({ kind: 'number', initial })
const whole = (initial = 0): WantedColumn => ({ kind: 'number', initial, most: 2_147_483_647 })
const decimal = (initial = 0): WantedColumn => ({ kind: 'number', initial, isDecimal: true })
const flag = (initial = 0): WantedColumn => ({ kind: 'flag', initial })
const time: WantedColumn = { kind: 'time', initial: 0 }
const moment: WantedColumn = { kind: 'moment', initial: null }
const date: WantedColumn = { kind: 'date', initial: null }
const key: WantedColumn = { kind: 'number', initial: null, isKey: true }
const keyText = (length: number): WantedColumn => ({ kind: 'text', length, initial: null, isKey: true })

const named = (column: WantedColumn): WantedColumn => ({ ...column, isNamed: true })

const each = (names: readonly string[], column: WantedColumn) =>
  Object.fromEntries(names.map((name) => [name, column]))

const historyOf = (unit: 'points' | 'exp', own: Readonly<Record<string, WantedColumn>>) => ({
  [`${unit}_log_id`]: key,
  [`${unit}_kind_id`]: number(1),
  [`${unit}_type_id`]: number(),
  user_id: key,
  [`${unit}_log_time`]: named(time),
  [`${unit}_log_desc`]: text(100),
  store_id: number(),
  [`${unit}_log_date`]: named(date),
  ...own,
})

/** The old shop's tables that we read and write (account.md §8), and their columns. All others are the shop's alone. */
export const wantedTables: Readonly<Record<string, Readonly<Record<string, WantedColumn>>>> = {
  account_user_base: {
    user_id: key,
    user_account: keyText(100),
    user_password: text(255),
    user_salt: text(100),
  },
  account_user_info: {
    user_id: key,
    user_account: text(100),
    user_nickname: text(50),
    user_avatar: text(255),
    user_state: number(1),
    user_mobile: text(20),
    user_intl: text(6, '+86'),
    user_gender: named(number()),
    user_birthday: date,
    user_email: text(50),
    user_level_id: number(),
    user_realname: text(20),
    user_idcard: text(30),
    user_idcard_images: text(1024),
    user_is_authentication: number(),
    tag_ids: text(512),
    user_from: number(2310),
    user_new: flag(1),
  },
  account_user_login: {
    user_id: key,
    user_active_time: time,
    user_reg_ip: text(45),
    user_reg_date: date,
    user_reg_time: time,
    user_count_login: number(),
    user_lastlogin_ip: text(45),
    user_lastlogin_time: time,
    user_clientid: text(255),
  },
  account_user_login_history: {
    user_login_history_id: key,
    user_id: key,
    user_account: text(100),
    user_login_ip: text(45),
    user_login_time: time,
    user_login_state: flag(1),
  },
  account_user_bind_connect: {
    bind_id: keyText(100),
    bind_type: key,
    user_id: key,
    bind_time: time,
    bind_nickname: text(50),
    bind_icon: text(255),
    bind_openid: text(100),
    bind_unionid: text(100),
    bind_active: flag(1),
  },
  account_user_delivery_address: {
    ud_id: key,
    user_id: key,
    ud_name: text(20),
    ud_intl: text(6, '+86'),
    ud_mobile: text(20),
    ud_telephone: text(30),
    ...each(['ud_province_id', 'ud_city_id', 'ud_county_id'], whole()),
    ...each(['ud_province', 'ud_city', 'ud_county'], text(50)),
    ud_address: text(255),
    ud_postalcode: text(30),
    ud_tag_name: text(50),
    ...each(['ud_longitude', 'ud_latitude'], decimal()),
    ud_time: moment,
    ud_is_default: flag(),
  },
  account_user_invoice: {
    user_invoice_id: key,
    user_id: key,
    invoice_title: text(50),
    invoice_company_code: text(100),
    invoice_content: text(50),
    invoice_is_company: flag(),
    invoice_is_electronic: flag(),
    invoice_type: number(1),
    invoice_datetime: moment,
    ...each(
      [
        'invoice_address',
        'invoice_phone',
        'invoice_bankname',
        'invoice_bankaccount',
        'invoice_contact_mobile',
        'invoice_contact_email',
        'invoice_contact_name',
        'invoice_contact_area',
        'invoice_contact_address',
      ],
      text(255),
    ),
    invoice_is_default: flag(),
  },
  account_user_message: {
    message_id: key,
    message_parent_id: whole(),
    user_id: key,
    user_nickname: text(50),
    message_kind: number(1),
    user_other_id: whole(),
    user_other_nickname: text(50),
    message_title: text(50),
    // 1024 characters as they were written; escaped, each may take up to five.
    message_content: text(5 * 1024),
    message_time: time,
    message_is_read: flag(),
    message_is_delete: flag(),
    message_type: number(1),
    message_cat: text(20),
    message_data_type: number(),
    message_data_id: text(50),
    ...each(['message_length', 'message_w', 'message_h'], whole()),
  },
  account_user_level: {
    user_level_id: key,
    user_level_name: text(50),
    user_level_exp: whole(),
    user_level_spend: decimal(),
    user_level_logo: text(255),
    user_level_rate: decimal(100),
    user_level_time: time,
    user_level_is_buildin: flag(),
  },
  pay_user_resource: {
    user_id: key,
    currency_id: number(86),
    currency_symbol_left: text(1, '￥'),
    ...each(
      ['user_money', 'user_recharge_card', 'user_points', 'user_credit', 'user_redpack', 'user_sp'].flatMap(
        (name) => [name, `${name}_frozen`],
      ),
      decimal(),
    ),
    ...each(['user_credit_used', 'user_credit_total', 'user_margin'], decimal()),
    user_exp: whole(),
    version: whole(),
  },
  pay_user_points_history: historyOf('points', { points_log_points: decimal(), user_points: decimal() }),
  pay_user_exp_history: historyOf('exp', { exp_log_value: whole(), user_exp: whole() }),
  sys_config_base: {
    config_key: keyText(50),
    config_value: text(1024),
    config_enable: flag(1),
  },
  admin_user_admin: { user_id: key, user_role_id: number(), user_admin_ctime: time },
  admin_user_role: {
    user_role_id: key,
    user_role_name: text(50),
    menu_ids: text(1024),
    user_role_buildin: flag(),
  },
  admin_menu_base: { menu_id: key, menu_name: text(50), menu_permission: text(150) },
}
