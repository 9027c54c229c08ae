import type { Command } from 'commander'
import { transaction } from '../../../db/transaction.js'
import { lockUser, updateState } from '../../../db/users.js'
import { raiseSessionGeneration } from '../../../db/sessions.js'
import { auditCommand } from '../command/audit.js'
import { addExample, readUid } from '../command/options.js'
import { printLines } from '../command/print.js'
import { withDatabase } from '../command/session.js'
import { addAddCommand } from './add.js'
import { addConflictsCommand } from './conflicts.js'
import { addTokenCommand } from './token.js'
import { addImportCommand } from '../import/command.js'
import { addHashesCommand } from '../import/hashes.js'
import { absentUser, addPasswdCommand } from './password.js'
import { addShowCommand } from './show.js'

/** Adds `user`: an operator's commands on users. */
export function addUserCommands(program: Command): void {
  const user = program.command('user').description('users')
  addAddCommand(user)
  addShowCommand(user)
  addPasswdCommand(user)
  addTokenCommand(user)
  addImportCommand(user)
  addHashesCommand(user)
  addConflictsCommand(user)
  const disable = user
    .command('disable')
    .description('lock a user out; ends all sessions of the user')
    .argument('<uid>', 'the user id', readUid)
    .action(disableUser)
  addExample(disable, 'user disable 10002')
  const enable = user
    .command('enable')
    .description('let a user in again')
    .argument('<uid>', 'the user id', readUid)
    .action(enableUser)
  addExample(enable, 'user enable 10002')
}

async function disableUser(uid: number): Promise<void> {
  await withDatabase((session) =>
    transaction(session, async (session) => {
      const { db } = session
      if (!(await lockUser(db, uid))) throw absentUser(uid)
      await updateState(db, uid, 0)
      await raiseSessionGeneration(db, uid)
      await auditCommand(session, 'cli user disable', { targetId: uid })
    }),
  )
  printLines([`User ${uid} is disabled; all sessions of the user end, on running nodes within 5 seconds.`])
}

async function enableUser(uid: number): Promise<void> {
  await withDatabase((session) =>
    transaction(session, async (session) => {
      const { db } = session
      if (!(await lockUser(db, uid))) throw absentUser(uid)
      await updateState(db, uid, 1)
      await auditCommand(session, 'cli user enable', { targetId: uid })
    }),
  )
  printLines([`User ${uid} is enabled.`])
}
