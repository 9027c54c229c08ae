import type { Knex } from 'knex'
import { type Columns, createTable } from './table-builder.js'

/** The account APIs (account.md §8): sign-ins, bindings, points, administrators; and what guards them. */
export async function up(db: Knex): Promise<void> {
  await createSignInTables(db)
  await createResourceTables(db)
  await createAdminTables(db)
  await createGuardTables(db)
}

async function createSignInTables(db: Knex): Promise<void> {
  await createTable(db, 'account_user_login', (columns) => {
    columns.userId().primary()
    columns.time('user_active_time').notNullable().defaultTo(0)
    columns.text('user_reg_ip', 45)
    columns.table.date('user_reg_date')
    columns.time('user_reg_time').notNullable().defaultTo(0)
    columns.count('user_count_login')
    columns.text('user_lastlogin_ip', 45)
    columns.time('user_lastlogin_time').notNullable().defaultTo(0)
    columns.text('user_clientid', 255)
  })
  await createTable(db, 'account_user_login_history', (columns) => {
    columns.table.increments('user_login_history_id')
    columns.userId()
    columns.text('user_account', 100)
    columns.text('user_login_ip', 45)
    columns.time('user_login_time').notNullable().defaultTo(0)
    columns.count('user_login_state', 1)
    columns.table.index(['user_id', 'user_login_time'])
  })
  await createTable(db, 'account_user_bind_connect', (columns) => {
    columns.key('bind_id', 100)
    columns.count('bind_type')
    columns.userId()
    columns.time('bind_time').notNullable().defaultTo(0)
    columns.text('bind_nickname', 50)
    columns.text('bind_icon', 255)
    columns.text('bind_openid', 100)
    columns.text('bind_unionid', 100)
    columns.count('bind_active', 1)
    columns.table.primary(['bind_type', 'bind_id'])
    columns.table.index(['user_id'])
    columns.table.index(['bind_unionid'])
  })
}

const freezable = [
  'user_money',
  'user_recharge_card',
  'user_points',
  'user_credit',
  'user_redpack',
  'user_sp',
]
const balances = [
  ...freezable.flatMap((name) => [name, `${name}_frozen`]),
  'user_credit_used',
  'user_credit_total',
  'user_margin',
]

async function createResourceTables(db: Knex): Promise<void> {
  await createTable(db, 'pay_user_resource', (columns) => {
    columns.userId().primary()
    columns.count('currency_id', 86)
    columns.table.string('currency_symbol_left', 10).notNullable().defaultTo('￥')
    for (const name of balances) columns.table.decimal(name, 16, 6).notNullable().defaultTo(0)
    columns.count('user_exp')
    columns.count('version')
  })
  const buildHistory = (unit: 'points' | 'exp') => (columns: Columns) => {
    columns.table.increments(`${unit}_log_id`)
    columns.count(`${unit}_kind_id`, 1)
    columns.count(`${unit}_type_id`)
    columns.userId()
    columns.table
      .decimal(unit === 'points' ? 'points_log_points' : 'exp_log_value', 16, 6)
      .notNullable()
      .defaultTo(0)
    columns.table.decimal(`user_${unit}`, 16, 6).notNullable().defaultTo(0)
    columns.time(`${unit}_log_time`).notNullable()
    columns.text(`${unit}_log_desc`, 255)
    columns.count('store_id')
    columns.table.date(`${unit}_log_date`).notNullable()
    columns.table.index(['user_id', `${unit}_log_time`])
  }
  await createTable(db, 'pay_user_points_history', buildHistory('points'))
  await createTable(db, 'pay_user_exp_history', buildHistory('exp'))
}

async function createAdminTables(db: Knex): Promise<void> {
  await createTable(db, 'admin_user_admin', (columns) => {
    columns.userId().primary()
    columns.count('user_role_id')
    columns.time('user_admin_ctime').notNullable().defaultTo(0)
  })
  const buildRoles = (columns: Columns) => {
    columns.table.increments('user_role_id')
    columns.text('user_role_name', 50)
    columns.table.text('menu_ids')
    columns.count('user_role_buildin')
  }
  const manager = { user_role_id: 1, user_role_name: '管理员', menu_ids: '1,2,3,4', user_role_buildin: 1 }
  await createTable(db, 'admin_user_role', buildRoles, [manager])
  const buildMenus = (columns: Columns) => {
    columns.table.increments('menu_id')
    columns.text('menu_name', 50)
    columns.text('menu_permission', 255)
  }
  const menu = (id: number, name: string, part: string) => ({
    menu_id: id,
    menu_name: name,
    menu_permission: `/manage/account/${part}/*`,
  })
  await createTable(db, 'admin_menu_base', buildMenus, [
    menu(1, '收货地址', 'userDeliveryAddress'),
    menu(2, '用户', 'user'),
    menu(3, '登录会话', 'userSession'),
    menu(4, '审计', 'audit'),
  ])
}

async function createGuardTables(db: Knex): Promise<void> {
  await createTable(db, 'captcha_answer', (columns) => {
    columns.key('captcha_key', 64).primary()
    columns.key('digest', 64)
    columns.time('expires_at').notNullable().index()
  })
  await createTable(db, 'server_key', (columns) => {
    columns.key('name', 40).primary()
    columns.table.text('public_key').notNullable()
    columns.table.text('sealed_key').notNullable()
    columns.time('created_at').notNullable()
  })
  await createTable(db, 'user_certificate', (columns) => {
    columns.userId().primary()
    columns.table.text('sealed_idcard').notNullable()
    columns.time('submitted_at').notNullable()
    columns.time('reviewed_at')
    columns.count('reviewer_id')
    columns.text('review_note', 255)
  })
  await createTable(db, 'user_consent', (columns) => {
    columns.userId()
    columns.key('document_key', 50)
    columns.time('agreed_at').notNullable()
    columns.table.primary(['user_id', 'document_key'])
  })
  await createTable(db, 'audit_entry', (columns) => {
    columns.table.bigIncrements('audit_id')
    columns.time('happened_at').notNullable()
    columns.text('action', 64)
    columns.text('outcome', 40)
    columns.count('actor_id')
    columns.text('actor', 64)
    columns.count('target_id')
    columns.text('ip', 45)
    columns.text('detail', 255)
    columns.table.index(['happened_at'])
    columns.table.index(['action', 'happened_at'])
    columns.table.index(['target_id', 'happened_at'])
    columns.table.index(['actor_id', 'happened_at'])
  })
}
