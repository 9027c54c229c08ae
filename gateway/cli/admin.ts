import type { Command } from 'commander'
import type { Knex } from 'knex'
import { type Admin, deleteAdmin, isAdmin, listAdmins, lockRole, saveAdmin } from '../../db/admins.js'
import { transaction } from '../../db/transaction.js'
import { findUserIdByAccount, userExists } from '../../db/users.js'
import { findFactors } from '../../methods/rules/console/factors.js'
import { issueTicket, resetSecondFactors } from '../../methods/rules/console/tickets.js'
import { formatTime } from '../wire/time.js'
import { auditCommand } from './command/audit.js'
import { CommandError } from './command/error.js'
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
  const invite = admin
    .command('invite')
    .description('print a ticket, good for 24 hours, to set up a first second factor for the console')
    .argument('<user>', userHelp)
    .action(inviteAdmin)
  addExample(invite, 'admin invite 10002')
  const factor = admin.command('second-factor').description('what administrators sign in to the console by')
  const reset = factor
    .command('reset')
    .description("take all second factors away, end the console's sessions, and print a ticket for new ones")
    .argument('<user>', userHelp)
    .action(resetSecondFactor)
  addExample(reset, 'admin second-factor reset 10002')
}

async function addAdmin(user: string, { role: name }: { readonly role: string }): Promise<void> {
  const { uid, isNew } = await withDatabase((session) =>
    transaction(session, async (session) => {
      const { db, clock } = session
      const uid = await findUser(db, user)
      const role = await lockRole(db, name)
      if (!role) throw new CommandError(`there is no role ${name}: see "passport-gateway role list"`)
      const user_admin_ctime = clock.now()
      const before = await saveAdmin(db, { user_id: uid, user_role_id: role.user_role_id, user_admin_ctime })
      await auditCommand(session, 'cli admin add', { targetId: uid, detail: `role ${name}` })
      return { uid, isNew: before === undefined }
    }),
  )
  const what = isNew ? 'is now an administrator with the role' : 'is an administrator, now with the role'
  printLines([`User ${uid} ${what} ${name}. ${reach}`])
}

async function removeAdmin(user: string): Promise<void> {
  const uid = await withDatabase((session) =>
    transaction(session, async (session) => {
      const { db } = session
      const uid = await findUser(db, user)
      if (!(await deleteAdmin(db, uid))) throw new CommandError(`user ${uid} is no administrator`)
      await auditCommand(session, 'cli admin remove', { targetId: uid })
      return uid
    }),
  )
  printLines([`User ${uid} is no administrator any more. ${reach}`])
}

async function inviteAdmin(user: string): Promise<void> {
  const { uid, ticket } = await withDatabase((session) =>
    transaction(session, async (session) => {
      const uid = await findAdminUser(session.db, user)
      const { hasTotp, passkeys } = await findFactors(session, uid)
      if (hasTotp || passkeys.length > 0)
        throw new CommandError(
          `user ${uid} has a second factor: see "passport-gateway admin second-factor reset"`,
        )
      await auditCommand(session, 'cli admin invite', { targetId: uid })
      return { uid, ticket: await issueTicket(session, uid) }
    }),
  )
  printTicket(uid, ticket)
}

async function resetSecondFactor(user: string): Promise<void> {
  const { uid, ticket } = await withDatabase((session) =>
    transaction(session, async (session) => {
      const uid = await findAdminUser(session.db, user)
      await resetSecondFactors(session, uid)
      await auditCommand(session, 'cli admin second-factor reset', { targetId: uid })
      return { uid, ticket: await issueTicket(session, uid) }
    }),
  )
  printLines([`User ${uid} has no second factor any more, and no session of the console.`])
  printTicket(uid, ticket)
}

function printTicket(uid: number, ticket: string): void {
  printLines([
    `Ticket of user ${uid} for the console, good once within 24 hours: ${ticket}`,
    'Give it to that person alone, by another way than the password.',
  ])
}

async function findAdminUser(db: Knex, text: string): Promise<number> {
  const uid = await findUser(db, text)
  if (!(await isAdmin(db, uid))) throw new CommandError(`user ${uid} is no administrator`)
  return uid
}

/** Digits are an id and never an account: whoever may choose an account could choose an administrator's number. */
async function findUser(db: Knex, text: string): Promise<number> {
  if (/^\d+$/.test(text)) {
    if (await userExists(db, Number(text))) return Number(text)
    throw new CommandError(`no user has the id ${text}`)
  }
  const found = await findUserIdByAccount(db, text)
  if (found === undefined) throw new CommandError(`no user has the account ${text}`)
  return found
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
