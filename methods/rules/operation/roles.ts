import {
  type AdminRoleRow,
  findMenuIds,
  insertMenu,
  insertRole,
  listRolePermissions,
  lockRole,
  menuIdsOf,
  updateRoleMenus,
} from '../../../db/admin-roles.js'
import { type InTransaction, transaction } from '../../../db/transaction.js'
import type { Services } from '../../../gateway/services/services.js'
import { audit } from '../audit.js'
import type { Operator } from './operator.js'
import { lockRank } from './ranks.js'
import { refusal } from './refusals.js'

type RoleServices = Pick<Services, 'db' | 'clock'>

/** A path, or a pattern of paths, that a role is given or loses. */
export interface RolePath {
  readonly role: string
  readonly pattern: string
}

/** The built-in role that may look at everything in the console, and change nothing. */
export const readOnlyRole = '控制台只读'

export const mostRoleName = 50

/** Whether a text can name a role. */
export function isRoleName(text: string): boolean {
  return /^[^\p{Cc}\p{Cs},]{1,50}$/u.test(text) && text.trim() === text
}

/** Whether a text is a path below `/manage` or `/front`, `*` for any part. */
export function isRolePattern(text: string): boolean {
  return /^\/(?:manage|front)\/[\w/*]{1,240}$/.test(text)
}

/**
 * Lets a role call a path; makes the role if there is none, and tells so. Throws FIELD_REFUSED for what the role has
 * already, for a role that is the operator's own or above, and for a path that the operator does not have.
 */
export function grantPath(
  services: RoleServices,
  { role: name, pattern }: RolePath,
  operator: Operator,
): Promise<boolean> {
  return changeRole(services, { role: name, pattern }, operator, async ({ db }, found) => {
    const role = found ?? (await insertRole(db, name))
    const ids = menuIdsOf(role.menu_ids)
    const menus = await findMenuIds(db, pattern)
    if (menus.some((id) => ids.includes(id)))
      throw refusal(`role ${name} may call ${pattern} already`, `角色 ${name} 已有权限 ${pattern}`)
    await updateRoleMenus(db, role.user_role_id, [...ids, menus[0] ?? (await insertMenu(db, pattern))])
    return found === undefined
  })
}

/** Takes a path away from a role. Throws FIELD_REFUSED as `grantPath` does, and for what the role does not have. */
export function revokePath(
  services: RoleServices,
  { role: name, pattern }: RolePath,
  operator: Operator,
): Promise<void> {
  return changeRole(services, { role: name, pattern }, operator, async ({ db }, role) => {
    if (!role) throw unknownRole(name)
    const ids = menuIdsOf(role.menu_ids)
    const gone = await findMenuIds(db, pattern)
    if (!gone.some((id) => ids.includes(id)))
      throw refusal(
        `role ${name} was not granted ${pattern}: see "passport-gateway role list"`,
        `角色 ${name} 没有权限 ${pattern}`,
      )
    await updateRoleMenus(
      db,
      role.user_role_id,
      ids.filter((id) => !gone.includes(id)),
    )
  })
}

export function unknownRole(name: string): Error {
  return refusal(`there is no role ${name}: see "passport-gateway role list"`, `没有角色 ${name}`)
}

/** Locks and changes a role, and records the change in the audit. */
function changeRole<T>(
  services: RoleServices,
  { role: name, pattern }: RolePath,
  operator: Operator,
  change: (services: InTransaction<RoleServices>, role: AdminRoleRow | undefined) => Promise<T>,
): Promise<T> {
  return transaction(services, async (services) => {
    const rank = await lockRank(services, operator)
    rank.requirePaths([pattern])
    const role = await lockRole(services.db, name)
    if (role?.user_role_buildin === 1 && name === readOnlyRole)
      throw refusal(`role ${name} is made anew by each start`, `角色 ${name} 由系统维护，不可修改`)
    if (role) {
      rank.requireOtherRole(role.user_role_id)
      rank.requirePaths(await listRolePermissions(services.db, role))
    }
    const result = await change(services, role)
    await audit(services, operator, { detail: `role ${name}, ${pattern}` })
    return result
  })
}
