import type { Knex } from 'knex'
import { addIndex, addMissingColumns, type Columns, createTable } from './table-builder.js'

/** What the shop's admin site keeps of users (account-beside.md §4): their tags, and who may change what. */
export async function up(db: Knex): Promise<void> {
  await createTagTables(db)
  await addMissingColumns(db, 'admin_user_admin', {
    user_is_superadmin: (columns) => columns.count('user_is_superadmin'),
  })
  // What administrators filter the history of sign-ins by.
  for (const column of ['user_id', 'user_account', 'user_login_ip'])
    await addIndex(db, 'account_user_login_history', [column])
  await addIndex(db, 'account_user_message', ['user_id'])
  await grantToManager(db)
}

/** Columns as in the old shop's tables, which stay as they are. */
async function createTagTables(db: Knex): Promise<void> {
  await createTable(db, 'account_user_tag_base', (columns) => {
    columns.table.increments('tag_id')
    columns.text('tag_title', 50)
    columns.count('tag_group_id')
    columns.count('tag_sort', 255)
    columns.count('tag_enable', 1)
    columns.count('tag_buildin')
    columns.table.index(['tag_group_id', 'tag_sort', 'tag_enable'], 'tag_of_group')
    columns.table.index(['tag_title'])
  })
  await createTable(db, 'account_user_tag_group', (columns: Columns) => {
    columns.table.increments('tag_group_id')
    columns.text('tag_group_name', 30)
    columns.count('tag_group_sort', 255)
    columns.count('tag_group_enable', 1)
    columns.count('tag_group_buildin')
    columns.table.datetime('update_time').notNullable().defaultTo(db.fn.now())
    columns.table.datetime('create_time').notNullable().defaultTo(db.fn.now())
    columns.table.index(['tag_group_name'])
  })
}

/** As they were then; what later roles get stands in db/admins.ts. */
const adminSitePermissions = Object.entries({
  userInfo: ['list', 'add', 'edit', 'editState', 'remove'],
  userLevel: ['list', 'add', 'edit', 'remove'],
  userTagBase: ['list', 'add', 'edit', 'editState', 'remove'],
  userMessage: ['list', 'add', 'edit', 'editState', 'remove'],
  userInvoice: ['list', 'add', 'edit', 'remove', 'removeBatch'],
  userDeliveryAddress: ['list', 'add', 'edit', 'remove', 'removeBatch'],
  userLoginHistory: ['list'],
}).flatMap(([part, names]) => names.map((name) => `/manage/account/${part}/${name}`))

async function grantToManager(db: Knex): Promise<void> {
  const role = { user_role_name: '管理员' }
  const manager = await db('admin_user_role').where(role).orderBy('user_role_id').first()
  if (!manager) return
  const menuIds: number[] = []
  for (const permission of adminSitePermissions) menuIds.push(await menuOf(db, permission))
  const own = (manager.menu_ids ?? '').split(',').filter((id) => id.trim() !== '')
  const all = [...new Set([...own, ...menuIds.map(String)])]
  await db('admin_user_role')
    .where({ user_role_id: manager.user_role_id })
    .update({ menu_ids: all.join(',') })
}

/** The row that an old shop has for a path, else a new one, which its own menu does not show. */
async function menuOf(db: Knex, permission: string): Promise<number> {
  const known = await db('admin_menu_base')
    .where({ menu_permission: permission })
    .orderBy('menu_id')
    .first('menu_id')
  if (known) return known.menu_id
  const isShown = await db.schema.hasColumn('admin_menu_base', 'menu_hidden')
  const [menuId = 0] = await db('admin_menu_base').insert({
    menu_name: permission.slice('/manage/account/'.length),
    menu_permission: permission,
    ...(isShown && { menu_hidden: 1 }),
  })
  return menuId
}
