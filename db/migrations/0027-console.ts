import type { Knex } from 'knex'
import { createTable } from './table-builder.js'

/** Administrators' sessions of the console, what they prove themselves by, and the role that may only look. */
export async function up(db: Knex): Promise<void> {
  await createTable(db, 'console_session', (columns) => {
    columns.key('session_id', 64).primary()
    columns.userId().index()
    columns.count('generation')
    columns.key('stage', 10)
    columns.key('challenge', 64).defaultTo('')
    columns.time('created_at').notNullable()
    columns.time('seen_at').notNullable()
    columns.time('proved_at').notNullable()
    columns.time('expires_at').notNullable().index()
    columns.text('ip', 45)
    columns.text('agent', 255)
  })
  await createFactorTables(db)
  await grantToManager(db)
  await addReadOnlyRole(db)
}

async function createFactorTables(db: Knex): Promise<void> {
  await createTable(db, 'console_totp', (columns) => {
    columns.userId().primary()
    columns.table.string('secret', 255).notNullable()
    columns.table.string('pending', 255).notNullable()
    columns.time('last_step').notNullable()
    columns.time('confirmed_at').notNullable()
  })
  await createTable(db, 'console_passkey', (columns) => {
    // A digest, as credential ids are longer than what an index takes.
    columns.key('passkey_id', 64).primary()
    columns.userId().index()
    columns.table.text('credential_id').notNullable()
    columns.table.text('public_key').notNullable()
    columns.time('counter').notNullable()
    columns.text('transports', 100)
    columns.text('label', 60)
    columns.time('created_at').notNullable()
    columns.time('used_at').notNullable()
  })
  await createTable(db, 'console_recovery_code', (columns) => {
    columns.key('code_digest', 64).primary()
    columns.userId().index()
  })
  await createTable(db, 'console_ticket', (columns) => {
    columns.userId().primary()
    columns.key('ticket_digest', 64)
    columns.time('expires_at').notNullable().index()
  })
}

/** The built-in role includes all of the console. */
async function grantToManager(db: Knex): Promise<void> {
  const manager = await db('admin_user_role')
    .where({ user_role_name: '管理员' })
    .orderBy('user_role_id')
    .first('user_role_id', 'menu_ids')
  if (!manager) return
  const menuId = await menuOf(db, '/manage/console/*')
  const ids = (manager.menu_ids ?? '').split(',').filter((id) => id.trim() !== '')
  if (ids.includes(String(menuId))) return
  await db('admin_user_role')
    .where({ user_role_id: manager.user_role_id })
    .update({ menu_ids: [...ids, menuId].join(',') })
}

/** Which paths it includes, each start computes anew. */
async function addReadOnlyRole(db: Knex): Promise<void> {
  const role = { user_role_name: '控制台只读' }
  if (await db('admin_user_role').where(role).first('user_role_id')) return
  await db('admin_user_role').insert({ ...role, menu_ids: '', user_role_buildin: 1 })
}

/** The row that there is for a path, else a new one, which an old shop's menu does not show. */
async function menuOf(db: Knex, permission: string): Promise<number> {
  const known = await db('admin_menu_base').where({ menu_permission: permission }).first('menu_id')
  if (known) return known.menu_id
  const isShown = await db.schema.hasColumn('admin_menu_base', 'menu_hidden')
  const [menuId = 0] = await db('admin_menu_base').insert({
    menu_name: permission,
    menu_permission: permission,
    ...(isShown && { menu_hidden: 1 }),
  })
  return menuId
}
