import type { Command } from 'commander'
import { countPasswordKinds } from '../../../db/password-kinds.js'
import { transaction } from '../../../db/transaction.js'
import { audit } from '../../../methods/rules/audit.js'
import { CommandError } from '../command/error.js'
import { commandLine } from '../command/command-line.js'
import { addExample } from '../command/options.js'
import { printLines, tableLines } from '../command/print.js'
import { withDatabase } from '../command/session.js'
import { createOwnPasswords, createProgress, refuseWhileHeld } from '../import/hashes.js'
import { wrapHashes } from '../import/wrap-hashes.js'

interface CommitOptions {
  readonly dryRun?: true
  readonly yes?: true
}

/** Adds `move commit`: the end of the way back. */
export function addCommitCommand(move: Command): void {
  const command = move
    .command('commit')
    .description(
      'turn all old hashes into argon2id over them; after that the old server can check none of these passwords',
    )
    .option('--dry-run', 'only say how many users that would be')
    .option('--yes', 'do it: there is no way back but a backup')
    .action(commit)
  addExample(command, 'move commit --dry-run')
}

/**
 * Beside sign-ins, and beside another that runs: what somebody has changed meanwhile is left alone. What is done is done
 * when it is stopped, and the next goes on from there.
 */
async function commit({ dryRun, yes }: CommitOptions): Promise<void> {
  await withDatabase(async (session) => {
    await refuseWhileHeld(session)
    const { db, config } = session
    const kinds = await countPasswordKinds(db)
    const old = kinds.filter(({ kind }) => isFast(kind))
    const users = old.reduce((sum, { users }) => sum + users, 0)
    if (users === 0) return printLines(['no user has an old hash that is left to turn'])
    printLines([
      ...tableLines(
        ['kind', 'users'],
        old.map(({ kind, users }) => [kind, String(users)]),
      ),
      `These ${users} users sign in here as before, and the old server can check their passwords no more.`,
      'Nothing brings a replaced hash back but a backup from before, without what was changed since.',
      'A stolen table is worth little from then on. Hashes become plain argon2id as their users sign in.',
    ])
    if (dryRun) return
    if (!yes) throw new CommandError('move commit: --yes, if you mean it')
    const progress = createProgress()
    const turned = await wrapHashes(db, createOwnPasswords(config.passwordCost), (turned) =>
      progress(`${turned} of ${users} hashes turned into argon2id`),
    )
    await transaction(session, (services) =>
      audit(services, commandLine('cli move commit'), { detail: `${turned} hashes` }),
    )
    printLines([`${turned} hashes are turned into argon2id.`])
  })
}

/** Whether hashes of a kind can be tried out quickly, and be turned. */
function isFast(kind: string): boolean {
  return !/^(?:argon2|bcrypt|phpass|pbkdf2|none|unknown)/.test(kind)
}
