import { findAdmin, listPermissions } from '../../../db/admins.js'
import { lockRoles } from '../../../db/admin-roles.js'
import type { InTransaction } from '../../../db/transaction.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { includesAll } from '../administration/ranks.js'
import type { Operator } from './operator.js'
import { refusal } from './refusals.js'

/** What an operator may give, take or change of other administrators, as it is until the transaction ends. */
export interface Rank {
  /** Throws FIELD_REFUSED for a path that the operator does not have. */
  requirePaths(paths: readonly string[]): void
  /** Throws FIELD_REFUSED for the operator's own row. */
  requireOther(userId: number): void
  /** Throws FIELD_REFUSED for the role that the operator has. */
  requireOtherRole(roleId: number): void
}

const noRank: Rank = { requirePaths() {}, requireOther() {}, requireOtherRole() {} }

/**
 * Finds the operator's rank, and holds all changes of ranks until the transaction ends: of two administrators who take
 * each other's role, one comes first, and the other has none any more. Throws PERMISSION_DENIED for who may not do this
 * any more.
 */
export async function lockRank(
  { db }: InTransaction<Pick<Services, 'db'>>,
  operator: Operator,
): Promise<Rank> {
  await lockRoles(db)
  const { session, action } = operator
  if (session === undefined) return noRank
  const own = await listPermissions(db, session.userId)
  if (!includesAll(own, [`/${action.replaceAll('.', '/')}`])) throw new GatewayError('PERMISSION_DENIED')
  const admin = await findAdmin(db, session.userId)
  return {
    requirePaths(paths) {
      if (!includesAll(own, paths)) throw refusal('this goes beyond your own role', '超出您自己的权限')
    },
    requireOther(userId) {
      if (userId === session.userId) throw refusal('nobody changes their own role', '不能修改自己的角色')
    },
    requireOtherRole(roleId) {
      if (roleId === admin?.user_role_id) throw refusal('nobody changes their own role', '不能修改自己的角色')
    },
  }
}

/**
 * Holds an operator to applications that keep no key: one that does acts for any user, an administrator above too, so
 * it takes a role that includes all of the console. Throws FIELD_REFUSED, PERMISSION_DENIED.
 */
export async function requireWholeConsole(
  services: InTransaction<Pick<Services, 'db'>>,
  operator: Operator,
): Promise<void> {
  const rank = await lockRank(services, operator)
  rank.requirePaths(['/manage/console/*'])
}
