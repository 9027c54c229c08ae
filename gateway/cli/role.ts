import { type Command, InvalidArgumentError } from 'commander'
import type { Knex } from 'knex'
import {
  type AdminRoleRow,
  findMenuIds,
  insertMenu,
  insertRole,
  listRoles,
  lockRole,
  menuIdsOf,
  updateRoleMenus,
} from '../../db/admins.js'
import { transaction } from '../../db/transaction.js'
import { compilePattern } from '../services/apps/apps.js'
import { auditCommand } from './command/audit.js'
import { CommandError } from './command/error.js'
import { addExample, addJsonOption, type JsonOption } from './command/options.js'
import { printJson, printLines, tableLines } from './command/print.js'
import { withDatabase } from './command/session.js'

const reach = 'Running nodes see it within 5 seconds.'
const mostName = 50

/** Adds `role`: what administrators may call, as paths (account.md §2). */
export function addRoleCommands(program: Command): void {
  const role = program.command('role').description('roles of administrators: what they may call')
  const list = role.command('list').description('show the roles and their paths').action(showRoles)
  addExample(addJsonOption(list), 'role list')
  const grant = role
    .command('grant')
    .description('let a role call a path, or all paths of a pattern; makes the role if there is none')
    .argument('<role>', 'its name', readName)
    .argument('<pattern>', 'such as /manage/account/user/get or /manage/account/user/*', readPattern)
    .action(grantPattern)
  addExample(grant, "role grant 客服 '/manage/account/user/*'")
  const revoke = role
    .command('revoke')
    .description('take a path or pattern away from a role')
    .argument('<role>', 'its name')
    .argument('<pattern>', 'as "role list" shows it')
    .action(revokePattern)
  addExample(revoke, "role revoke 客服 '/manage/account/user/*'")
}

async function showRoles({ json }: JsonOption): Promise<void> {
  const roles = await withDatabase(({ db }) => listRoles(db))
  if (json) {
    return printJson(
      roles.map(({ user_role_name: name, user_role_buildin: builtIn, admins, permissions }) => {
        return { name, builtIn: builtIn === 1, admins, permissions }
      }),
    )
  }
  if (roles.length === 0) return printLines(['there are no roles'])
  const rows = roles.map(({ user_role_name, admins, permissions }) => {
    return [user_role_name, String(admins), permissions.join(', ') || 'nothing']
  })
  printLines(tableLines(['ROLE', 'ADMINS', 'MAY CALL'], rows))
}

async function grantPattern(name: string, pattern: string): Promise<void> {
  const isNew = await changeRole('cli role grant', name, pattern, async (db, found) => {
    const role = found ?? (await insertRole(db, name))
    const ids = menuIdsOf(role.menu_ids)
    const menus = await findMenuIds(db, pattern)
    if (menus.some((id) => ids.includes(id)))
      throw new CommandError(`role ${name} may call ${pattern} already`)
    await updateRoleMenus(db, role.user_role_id, [...ids, menus[0] ?? (await insertMenu(db, pattern))])
    return found === undefined
  })
  printLines([
    ...(isNew ? [`There was no role ${name}; it was made.`] : []),
    `Role ${name} may now call ${pattern}. ${reach}`,
    ...((await matchesMethod(pattern)) ? [] : ['No method of this version has such a path.']),
  ])
}

async function revokePattern(name: string, pattern: string): Promise<void> {
  await changeRole('cli role revoke', name, pattern, async (db, role) => {
    if (!role) throw new CommandError(`there is no role ${name}: see "passport-gateway role list"`)
    const ids = menuIdsOf(role.menu_ids)
    const gone = await findMenuIds(db, pattern)
    if (!gone.some((id) => ids.includes(id)))
      throw new CommandError(`role ${name} was not granted ${pattern}: see "passport-gateway role list"`)
    const left = ids.filter((id) => !gone.includes(id))
    await updateRoleMenus(db, role.user_role_id, left)
  })
  printLines([`Role ${name} may not call ${pattern} any more. ${reach}`])
}

/** Locks and changes a role, and records the change in the audit. */
function changeRole<T>(
  action: `cli ${string}`,
  name: string,
  pattern: string,
  change: (db: Knex, role: AdminRoleRow | undefined) => Promise<T>,
): Promise<T> {
  return withDatabase((session) =>
    transaction(session, async (session) => {
      const { db } = session
      const result = await change(db, await lockRole(db, name))
      await auditCommand(session, action, { detail: `role ${name}, ${pattern}` })
      return result
    }),
  )
}

/** Of all commands only `role grant` needs the contracts, which take longer to load than the rest of it. */
async function matchesMethod(pattern: string): Promise<boolean> {
  const { contractDocuments } = await import('../../schemas/contracts.js')
  const path = compilePattern(pattern)
  return Object.keys(contractDocuments).some((method) => path.test(`/${method.replaceAll('.', '/')}`))
}

function readName(text: string): string {
  if (!/^[^\p{Cc}\p{Cs},]{1,50}$/u.test(text.trim()))
    throw new InvalidArgumentError(`It must have 1 to ${mostName} characters and no comma.`)
  return text.trim()
}

function readPattern(text: string): string {
  if (!/^\/(?:manage|front)\/[\w/*]{1,240}$/.test(text))
    throw new InvalidArgumentError('It must be a path such as /manage/account/user/list, "*" for any part.')
  return text
}
