import { deleteAdmin, findAdmin, listPermissions, saveAdmin } from '../../../db/admins.js'
import { listRolePermissions, lockRole } from '../../../db/admin-roles.js'
import { type InTransaction, transaction } from '../../../db/transaction.js'
import { findUserIdByAccount, userExists } from '../../../db/users.js'
import type { Services } from '../../../gateway/services/services.js'
import { audit } from '../audit.js'
import type { Operator } from './operator.js'
import { lockRank } from './ranks.js'
import { refusal } from './refusals.js'
import { unknownRole } from './roles.js'

type AdministratorServices = Pick<Services, 'db' | 'clock'>

/**
 * Makes a user, named by id or account, an administrator with a role, or gives an administrator another role. Tells
 * whether the user was none before. Throws FIELD_REFUSED for no such user or role, and, by the console, for oneself, for
 * an administrator above and for a role with a path that the operator does not have.
 */
export function addAdministrator(
  services: AdministratorServices,
  { user, role: name }: { readonly user: string; readonly role: string },
  operator: Operator,
): Promise<{ readonly uid: number; readonly isNew: boolean }> {
  return transaction(services, async (services) => {
    const { db, clock } = services
    const rank = await lockRank(services, operator)
    const uid = await findUserNamed(services, user)
    const role = await lockRole(db, name)
    if (!role) throw unknownRole(name)
    rank.requireOther(uid)
    await requireNoSuperadmin(services, uid, operator)
    rank.requirePaths([...(await listPermissions(db, uid)), ...(await listRolePermissions(db, role))])
    const user_admin_ctime = clock.now()
    const before = await saveAdmin(db, { user_id: uid, user_role_id: role.user_role_id, user_admin_ctime })
    await audit(services, operator, { targetId: uid, detail: `role ${name}` })
    return { uid, isNew: before === undefined }
  })
}

/**
 * Makes an administrator an ordinary user again, and returns the id. Throws FIELD_REFUSED for who is none, and, by the
 * console, for oneself, for an administrator above and for the superadmin of an old shop.
 */
export function removeAdministrator(
  services: AdministratorServices,
  user: string,
  operator: Operator,
): Promise<number> {
  return transaction(services, async (services) => {
    const { db } = services
    const rank = await lockRank(services, operator)
    const uid = await findUserNamed(services, user)
    rank.requireOther(uid)
    const admin = await findAdmin(db, uid)
    if (!admin) throw refusal(`user ${uid} is no administrator`, `用户 ${uid} 不是管理员`)
    rank.requirePaths(await listPermissions(db, uid))
    await requireNoSuperadmin(services, uid, operator)
    await deleteAdmin(db, uid)
    await audit(services, operator, { targetId: uid })
    return uid
  })
}

/** Holds the console off the superadmins of an old shop. Throws FIELD_REFUSED. */
async function requireNoSuperadmin(
  { db }: InTransaction<Pick<Services, 'db'>>,
  uid: number,
  { session }: Operator,
): Promise<void> {
  const admin = session && (await findAdmin(db, uid))
  if (admin?.user_is_superadmin === 1)
    throw refusal('a superadmin of the shop stays', '商城超级管理员不可更改')
}

/**
 * A user by id or account. Digits are an id and never an account: whoever may choose an account could choose an
 * administrator's number. Throws FIELD_REFUSED for nobody.
 */
export async function findUserNamed({ db }: Pick<Services, 'db'>, text: string): Promise<number> {
  if (/^\d+$/.test(text)) {
    if (await userExists(db, Number(text))) return Number(text)
    throw refusal(`no user has the id ${text}`, `没有编号为 ${text} 的用户`)
  }
  const found = await findUserIdByAccount(db, text)
  if (found === undefined) throw refusal(`no user has the account ${text}`, `没有账号为 ${text} 的用户`)
  return found
}
