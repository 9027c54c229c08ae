import { findMenuIds, insertMenu, lockRole, updateRoleMenus } from '../../db/admin-roles.js'
import { transaction } from '../../db/transaction.js'
import { readOnlyRole } from '../../methods/rules/operation/roles.js'
import { methodTable } from '../../methods/table.js'
import { contractDocuments } from '../../schemas/contracts.js'
import type { Method, MethodName } from '../contract/method.js'
import type { Services } from '../services/services.js'

/**
 * Gives the built-in role for readers the path of every method below `/manage` that says it changes nothing, as this
 * version has them: an upgrade brings new ones. A role of that name that somebody has made stays as it is.
 */
export async function keepReadOnlyRole(services: Pick<Services, 'db'>): Promise<void> {
  const paths = listSafePaths()
  await transaction(services, async ({ db }) => {
    const role = await lockRole(db, readOnlyRole)
    if (role?.user_role_buildin !== 1) return
    const menuIds: number[] = []
    for (const path of paths) {
      const [known] = await findMenuIds(db, path)
      menuIds.push(known ?? (await insertMenu(db, path)))
    }
    if (menuIds.join(',') !== role.menu_ids) await updateRoleMenus(db, role.user_role_id, menuIds)
  })
}

/** Paths of the methods that a role opens and that are safe, sorted. */
export function listSafePaths(): string[] {
  const methods: readonly Method<MethodName>[] = Object.values(methodTable)
  const permissions = methods
    .filter(({ name, auth, ownAccount }) => {
      const isOfRoles = auth === 'permission' || auth === 'app-or-permission' || auth === 'console'
      return name.startsWith('manage.') && isOfRoles && ownAccount === undefined && isSafe(name)
    })
    .map(({ name, permission = name }) => permission)
    // Some ask for the path of another one, which must not let through more than looking.
    .filter(isSafe)
  return [...new Set(permissions)].sort().map((name) => `/${name.replaceAll('.', '/')}`)
}

function isSafe(name: MethodName): boolean {
  const { 'x-safe': safe } = contractDocuments[name]
  return safe === true
}
