import type { Knex } from 'knex'
import { isOnGalera } from './connect.js'
import { inSlices, mostValues } from './statement-size.js'
import { openUserBooks } from './user-books.js'

/** No user has this number. */
const bookOfRoles = 0

export interface AdminRoleRow {
  user_role_id: number
  user_role_name: string
  /** Ids of menus, separated by commas. */
  menu_ids: string | null
  user_role_buildin: number
}

interface AdminMenuRow {
  menu_id: number
  menu_name: string
  /** A path, or a pattern of paths with `*`. */
  menu_permission: string
}

declare module 'knex/types/tables.js' {
  interface Tables {
    admin_user_role: AdminRoleRow
    admin_menu_base: AdminMenuRow
  }
}

export async function listMenuPermissions(db: Knex, ids: readonly number[]): Promise<string[]> {
  const menus = await inSlices(ids, mostValues, async (some) =>
    db('admin_menu_base')
      .whereIn('menu_id', [...some])
      .select('menu_permission'),
  )
  return menus.map(({ menu_permission }) => menu_permission).filter((permission) => permission !== '')
}

/** The menus of a role; what is no number among them is passed over. */
export function menuIdsOf(list: string | null): number[] {
  const ids = (list ?? '').split(',').map((id) => id.trim())
  return [...new Set(ids.filter((id) => /^\d{1,10}$/.test(id)).map(Number))]
}

/** A role with what it includes. */
export interface AdminRole extends AdminRoleRow {
  readonly permissions: readonly string[]
  /** How many administrators have it. */
  readonly admins: number
}

export async function listRoles(db: Knex): Promise<AdminRole[]> {
  const [roles, menus, admins] = await Promise.all([
    db('admin_user_role').orderBy('user_role_id'),
    db('admin_menu_base').select('menu_id', 'menu_permission'),
    db('admin_user_admin').select('user_role_id'),
  ])
  const permissionOf = new Map(menus.map(({ menu_id, menu_permission }) => [menu_id, menu_permission]))
  return roles.map((role) => ({
    ...role,
    permissions: menuIdsOf(role.menu_ids)
      .map((id) => permissionOf.get(id) ?? '')
      .filter((permission) => permission !== ''),
    admins: admins.filter(({ user_role_id }) => user_role_id === role.user_role_id).length,
  }))
}

/** Locks all roles until the transaction ends; on a Galera cluster, where a lock is its own node's, by a write as well. */
export async function lockRoles(db: Knex): Promise<void> {
  if (isOnGalera(db)) await openUserBooks(db, [bookOfRoles])
  await db('admin_user_role').orderBy('user_role_id').forUpdate().select('user_role_id')
}

/** The paths and patterns that a role includes. */
export async function listRolePermissions(
  db: Knex,
  { menu_ids }: Pick<AdminRoleRow, 'menu_ids'>,
): Promise<string[]> {
  return listMenuPermissions(db, menuIdsOf(menu_ids))
}

/** A role by its name, locked until the transaction ends; of several imported ones the oldest. */
export async function lockRole(db: Knex, name: string): Promise<AdminRoleRow | undefined> {
  return db('admin_user_role').where({ user_role_name: name }).orderBy('user_role_id').forUpdate().first()
}

/** Makes a role that includes nothing. */
export async function insertRole(db: Knex, name: string): Promise<AdminRoleRow> {
  const row = { user_role_name: name, menu_ids: '', user_role_buildin: 0 }
  const [id = 0] = await db('admin_user_role').insert(row)
  return { ...row, user_role_id: id }
}

/** The menus that stand for a path or a pattern. */
export async function findMenuIds(db: Knex, permission: string): Promise<number[]> {
  const menus = await db('admin_menu_base').where({ menu_permission: permission }).orderBy('menu_id')
  return menus.map(({ menu_id }) => menu_id)
}

export async function insertMenu(db: Knex, permission: string): Promise<number> {
  const menu = { menu_name: permission.slice(0, 50), menu_permission: permission }
  const [id = 0] = await db('admin_menu_base').insert(menu)
  return id
}

export async function updateRoleMenus(db: Knex, roleId: number, menuIds: readonly number[]): Promise<void> {
  await db('admin_user_role')
    .where({ user_role_id: roleId })
    .update({ menu_ids: menuIds.join(',') })
}
