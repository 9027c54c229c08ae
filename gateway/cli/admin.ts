import type { Command } from 'commander'
import { type Admin, listAdmins } from '../../db/admins.js'
import { addAdministrator, removeAdministrator } from '../../methods/rules/operation/administrators.js'
import { formatTime } from '../wire/time.js'
import { commandLine } from './command/command-line.js'
import { addExample, addJsonOption, type JsonOption } from './command/options.js'
import { isoTime, printJson, printLines, tableLines } from './command/print.js'
import { withDatabase } from './command/session.js'

const builtInRole = '管理员'
const reach = 'Running nodes see it within 5 seconds.'
const userHelp = 'the user id or the account'

/** Adds `admin`: which users may call manage methods (account.md §2). */
export function addAdminCommands(program: Command): void {
  const admin = program.command('admin').description('administrators: users who may call manage methods')
  const add = admin
    .command('add')
    .description("make a user an administrator, or change an administrator's role")
    .argument('<user>', userHelp)
    .option('--role <name>', 'what the administrator may call: see "role list"', builtInRole)
    .action(addAdmin)
  addExample(add, 'admin add 10002 --role 客服')
  const list = admin.command('list').description('show the administrators').action(showAdmins)
  addExample(addJsonOption(list), 'admin list')
  const remove = admin
    .command('remove')
    .description('make an administrator an ordinary user again, who stays signed in')
    .argument('<user>', userHelp)
    .action(removeAdmin)
  addExample(remove, 'admin remove 10002')
}

async function addAdmin(user: string, { role }: { readonly role: string }): Promise<void> {
  const { uid, isNew } = await withDatabase((session) =>
    addAdministrator(session, { user, role }, commandLine('cli admin add')),
  )
  const what = isNew ? 'is now an administrator with the role' : 'is an administrator, now with the role'
  printLines([`User ${uid} ${what} ${role}. ${reach}`])
}

async function removeAdmin(user: string): Promise<void> {
  const uid = await withDatabase((session) =>
    removeAdministrator(session, user, commandLine('cli admin remove')),
  )
  printLines([`User ${uid} is no administrator any more. ${reach}`])
}

async function showAdmins({ json }: JsonOption): Promise<void> {
  const { admins, timeZone } = await withDatabase(async ({ db, config }) => {
    return { admins: await listAdmins(db), timeZone: config.timeZone }
  })
  if (json) return printJson(admins.map(describeAdmin))
  if (admins.length === 0) return printLines(['nobody is an administrator'])
  const rows = admins.map((admin) => [
    String(admin.user_id),
    admin.user_account ?? '(no such user)',
    formatTime(admin.user_admin_ctime || null, timeZone) || 'unknown',
    admin.user_role_name ?? '(no such role)',
  ])
  printLines(tableLines(['UID', 'ACCOUNT', 'SINCE', 'ROLE'], rows))
}

function describeAdmin({ user_id, user_account, user_role_name, user_admin_ctime }: Admin) {
  return {
    uid: user_id,
    account: user_account,
    role: user_role_name,
    since: isoTime(user_admin_ctime || null),
  }
}
