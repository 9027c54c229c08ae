import { type Command, InvalidArgumentError } from 'commander'
import { listRoles } from '../../db/admin-roles.js'
import {
  grantPath,
  isRoleName,
  isRolePattern,
  mostRoleName,
  revokePath,
} from '../../methods/rules/operation/roles.js'
import { compilePattern } from '../services/apps/apps.js'
import { commandLine } from './command/command-line.js'
import { addExample, addJsonOption, type JsonOption } from './command/options.js'
import { printJson, printLines, tableLines } from './command/print.js'
import { withDatabase } from './command/session.js'

const reach = 'Running nodes see it within 5 seconds.'

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

async function grantPattern(role: string, pattern: string): Promise<void> {
  const isNew = await withDatabase((session) =>
    grantPath(session, { role, pattern }, commandLine('cli role grant')),
  )
  printLines([
    ...(isNew ? [`There was no role ${role}; it was made.`] : []),
    `Role ${role} may now call ${pattern}. ${reach}`,
    ...((await matchesMethod(pattern)) ? [] : ['No method of this version has such a path.']),
  ])
}

async function revokePattern(role: string, pattern: string): Promise<void> {
  await withDatabase((session) => revokePath(session, { role, pattern }, commandLine('cli role revoke')))
  printLines([`Role ${role} may not call ${pattern} any more. ${reach}`])
}

/** Of all commands only `role grant` needs the contracts, which take longer to load than the rest of it. */
async function matchesMethod(pattern: string): Promise<boolean> {
  const { contractDocuments } = await import('../../schemas/contracts.js')
  const path = compilePattern(pattern)
  return Object.keys(contractDocuments).some((method) => path.test(`/${method.replaceAll('.', '/')}`))
}

function readName(text: string): string {
  if (!isRoleName(text.trim()))
    throw new InvalidArgumentError(`It must have 1 to ${mostRoleName} characters and no comma.`)
  return text.trim()
}

function readPattern(text: string): string {
  if (!isRolePattern(text))
    throw new InvalidArgumentError('It must be a path such as /manage/account/user/list, "*" for any part.')
  return text
}
