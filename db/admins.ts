import type { Knex } from 'knex'

export interface AdminRow {
  user_id: number
  user_role_id: number
  created_at: number
}

export interface AdminRoleRow {
  user_role_id: number
  user_role_name: string
  /** Ids of menus, separated by commas. */
  menu_ids: string | null
  user_role_is_buildin: number
}

export interface AdminMenuRow {
  menu_id: number
  menu_name: string
  /** A path, or a pattern of paths with `*`. */
  menu_permission: string
}

declare module 'knex/types/tables.js' {
  interface Tables {
    admin_user_admin: AdminRow
    admin_user_role: AdminRoleRow
    admin_menu_base: AdminMenuRow
  }
}

/** The paths a user's role includes; none for who is no administrator. */
export async function listPermissions(db: Knex, userId: number): Promise<string[]> {
  const role = await db('admin_user_admin')
    .join('admin_user_role', 'admin_user_role.user_role_id', 'admin_user_admin.user_role_id')
    .where('admin_user_admin.user_id', userId)
    .first<Pick<AdminRoleRow, 'menu_ids'> | undefined>('menu_ids')
  const ids = (role?.menu_ids ?? '').split(',').filter((id) => /^\d+$/.test(id.trim()))
  if (ids.length === 0) return []
  const menus = await db('admin_menu_base').whereIn('menu_id', ids.map(Number)).select('menu_permission')
  return menus.map(({ menu_permission }) => menu_permission).filter((permission) => permission !== '')
}
