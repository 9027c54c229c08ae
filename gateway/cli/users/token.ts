import type { Command } from 'commander'
import { findCredentials } from '../../../db/credentials.js'
import { addExample, addJsonOption, type JsonOption, readUid } from '../command/options.js'
import { printJson, printLines } from '../command/print.js'
import { withAccounts } from '../command/accounts.js'
import { absentUser } from './password.js'

/** Adds `user token`. */
export function addTokenCommand(user: Command): void {
  const token = user
    .command('token')
    .description('start a session for a user and print its token, to try a public application with')
    .argument('<uid>', 'the user id', readUid)
    .action(startSession)
  addExample(addJsonOption(token), 'user token 10002')
}

async function startSession(uid: number, { json }: JsonOption): Promise<void> {
  const token = await withAccounts(async ({ db, sessions }) => {
    const user = await findCredentials(db, uid)
    if (!user) throw absentUser(uid)
    return sessions.start(db, { userId: uid, generation: user.session_generation, app: 'cli', ip: '' })
  })
  if (json) printJson({ uid, token })
  else printLines([token])
}
