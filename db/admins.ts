import type { Knex } from 'knex'
import { compileRead } from './compiled-read.js'
import { type AdminRoleRow, listMenuPermissions, menuIdsOf } from './admin-roles.js'

export interface AdminRow {
  user_id: number
  user_role_id: number
  /** Milliseconds; 0: unknown. */
  user_admin_ctime: number
  /** 1: the old shop lets nobody remove the user. */
  user_is_superadmin: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    admin_user_admin: AdminRow
  }
}

/** Each by itself: the admin site shows a button for exactly the path it stands for. */
export const adminSitePermissions = Object.entries({
  userInfo: ['list', 'add', 'edit', 'editState', 'remove'],
  userLevel: ['list', 'add', 'edit', 'remove'],
  userTagBase: ['list', 'add', 'edit', 'editState', 'remove'],
  userMessage: ['list', 'add', 'edit', 'editState', 'remove'],
  userInvoice: ['list', 'add', 'edit', 'remove', 'removeBatch'],
  userDeliveryAddress: ['list', 'add', 'edit', 'remove', 'removeBatch'],
  userLoginHistory: ['list'],
}).flatMap(([part, names]) => names.map((name) => `/manage/account/${part}/${name}`))

const readMenus = compileRead<Pick<AdminRoleRow, 'menu_ids'>, [userId: number]>((db, userId) =>
  db('admin_user_admin')
    .join('admin_user_role', 'admin_user_role.user_role_id', 'admin_user_admin.user_role_id')
    .where('admin_user_admin.user_id', userId)
    .select('menu_ids'),
)

/** The paths a user's role includes; none for who is no administrator. */
export async function listPermissions(db: Knex, userId: number): Promise<string[]> {
  const role = await readMenus.first(db, userId)
  return listMenuPermissions(db, menuIdsOf(role?.menu_ids ?? null))
}

/** An administrator's row; undefined for who is none. */
export async function findAdmin(db: Knex, userId: number): Promise<AdminRow | undefined> {
  return db('admin_user_admin').where({ user_id: userId }).first()
}

export interface Admin {
  readonly user_id: number
  /** Null for a row whose user is gone. */
  readonly user_account: string | null
  /** Null for a row whose role is gone: it grants nothing. */
  readonly user_role_name: string | null
  /** Milliseconds; 0: unknown. */
  readonly user_admin_ctime: number
}

export async function listAdmins(db: Knex): Promise<Admin[]> {
  return db('admin_user_admin as admin')
    .leftJoin('account_user_base as base', 'base.user_id', 'admin.user_id')
    .leftJoin('admin_user_role as role', 'role.user_role_id', 'admin.user_role_id')
    .orderBy('admin.user_id')
    .select<Admin[]>('admin.user_id', 'base.user_account', 'role.user_role_name', 'admin.user_admin_ctime')
}

/** Whether a user has a role that there is. */
export async function isAdmin(db: Knex, userId: number): Promise<boolean> {
  const row = await db('admin_user_admin as admin')
    .join('admin_user_role as role', 'role.user_role_id', 'admin.user_role_id')
    .where('admin.user_id', userId)
    .first<{ user_id: number } | undefined>('admin.user_id')
  return row !== undefined
}

/** Gives a user a role, in place of one the user may have; returns that one's id. */
export async function saveAdmin(
  db: Knex,
  admin: Omit<AdminRow, 'user_is_superadmin'>,
): Promise<number | undefined> {
  const { user_id, user_role_id } = admin
  const before = await db('admin_user_admin').where({ user_id }).forUpdate().first('user_role_id')
  await db('admin_user_admin').insert(admin).onConflict('user_id').merge({ user_role_id })
  return before?.user_role_id
}

/** Returns whether the user was an administrator. */
export async function deleteAdmin(db: Knex, userId: number): Promise<boolean> {
  return (await db('admin_user_admin').where({ user_id: userId }).delete()) > 0
}

/** Nicknames and accounts of the administrators, but for one user's own. */
export async function listAdminNames(db: Knex, except: number): Promise<string[]> {
  const rows = await db('admin_user_admin as admin')
    .join('account_user_base as base', 'base.user_id', 'admin.user_id')
    .leftJoin('account_user_info as info', 'info.user_id', 'admin.user_id')
    .whereNot('admin.user_id', except)
    .select<{ user_account: string; user_nickname: string | null }[]>(
      'base.user_account',
      'info.user_nickname',
    )
  return rows.flatMap(({ user_account, user_nickname }) => [user_account, user_nickname ?? ''])
}

/** Whether a user is a superadmin of the old shop, or an administrator of a role of this name. */
export async function isLeadingAdmin(db: Knex, userId: number, roleName: string): Promise<boolean> {
  const admin = await db('admin_user_admin as admin')
    .leftJoin('admin_user_role as role', 'role.user_role_id', 'admin.user_role_id')
    .where('admin.user_id', userId)
    .first<(Pick<AdminRow, 'user_is_superadmin'> & { user_role_name: string | null }) | undefined>(
      'admin.user_is_superadmin',
      'role.user_role_name',
    )
  return admin !== undefined && (admin.user_is_superadmin === 1 || admin.user_role_name === roleName)
}
