import type { Command } from 'commander'
import { Option } from 'commander'
import { countPasswordKinds } from '../../../db/credentials.js'
import { createPasswords } from '../../services/sign-in/passwords.js'
import { importColumns } from './imported-user.js'
import { type ImportCounts, importUsers } from './import-users.js'
import { type ImportFormat, readUsers } from './read-users.js'
import { wrapHashes } from './wrap-hashes.js'
import { passwordUpgradeOf } from '../../services/sign-in/password-upgrade.js'
import { CommandError } from '../command/error.js'
import { addExample, addJsonOption, type JsonOption } from '../command/options.js'
import { printJson, printLines, tableLines } from '../command/print.js'
import { type Session, withDatabase } from '../command/session.js'

/** Adds `user import` and `user hashes` to the commands of `user`. */
export function addUserImportCommands(user: Command): void {
  const importing = user
    .command('import')
    .description('import users with their old password hashes from CSV or JSON lines; can be run again')
    .argument('<file>', 'the file; - for standard input')
    .addOption(
      new Option('--format <format>', 'csv or jsonl; by the name of the file if absent').choices([
        'csv',
        'jsonl',
      ]),
    )
    .option('--wrap', 'turn MD5 hashes into argon2id over the digest at once (about 10 ms of a core each)')
    .addHelpText('after', `\nColumns:\n${columnLines().join('\n')}`)
    .action(runImport)
  addExample(addJsonOption(importing), 'user import users.csv')
  const hashes = user
    .command('hashes')
    .description('show how many users have a password hash of each kind')
    .option('--wrap', 'first turn all MD5 hashes into argon2id over the digest')
    .action(runHashes)
  addExample(addJsonOption(hashes), 'user hashes')
}

function columnLines(): string[] {
  return Object.entries(importColumns).map(([name, meaning]) => `  ${name.padEnd(16)} ${meaning}`)
}

interface ImportFlags extends JsonOption {
  readonly format?: ImportFormat
  readonly wrap?: true
}

async function runImport(file: string, { format, wrap, json }: ImportFlags): Promise<void> {
  const counts = await withDatabase(async (session) => {
    const { db, clock } = session
    if (wrap) await refuseWhileHeld(session)
    const progress = createProgress()
    return importUsers(readUsers(file, format ?? (/\.(jsonl|ndjson|json)$/i.test(file) ? 'jsonl' : 'csv')), {
      db,
      wrap: wrap && createWrap(),
      now: () => clock.now(),
      report: (line, problem) => process.stderr.write(`line ${line}: ${problem}\n`),
      progress: ({ lines, imported, bad }) => progress(`${lines} lines, ${imported} imported, ${bad} bad`),
    })
  })
  if (json) printJson(counts)
  else printLines(summaryOf(counts))
  if (counts.bad > 0) process.exitCode = 1
}

function summaryOf({ lines, imported, known, bad, taken }: ImportCounts): string[] {
  return tableLines(
    ['lines', 'imported', 'known before', 'bad', 'addresses of others'],
    [[lines, imported, known, bad, taken].map(String)],
  )
}

async function runHashes({ wrap, json }: JsonOption & { readonly wrap?: true }): Promise<void> {
  const { kinds, upgrade } = await withDatabase(async (session) => {
    const { db } = session
    const progress = createProgress()
    if (wrap) {
      await refuseWhileHeld(session)
      await wrapHashes(db, createWrap(), (turned) => progress(`${turned} hashes turned into argon2id`))
    }
    return { kinds: await countPasswordKinds(db), upgrade: await passwordUpgradeOf(session) }
  })
  if (json) printJson(Object.fromEntries(kinds.map(({ kind, users }) => [kind, users])))
  else
    printLines([
      ...tableLines(
        ['kind', 'users'],
        kinds.map(({ kind, users }) => [kind, String(users)]),
      ),
      ...(upgrade === 'hold' ? [heldLine(kinds)] : []),
    ])
}

/** How far the old server can still be used, while it is beside this one. */
function heldLine(kinds: readonly { kind: string; users: number }[]): string {
  const count = (counts: (kind: string) => boolean) =>
    kinds.reduce((sum, { kind, users }) => sum + (counts(kind) ? users : 0), 0)
  const checked = count((kind) => kind === 'md5+salt' || kind === 'md5')
  return `PASSWORD_UPGRADE is hold: the old server can check ${checked} of ${count((kind) => kind !== 'none')} passwords.`
}

/** Throws CommandError while an old server checks the hashes in the table, too. */
async function refuseWhileHeld(session: Session): Promise<void> {
  if ((await passwordUpgradeOf(session)) === 'hold')
    throw new CommandError(
      'PASSWORD_UPGRADE is hold: the old server could not check wrapped passwords; set it to on first',
    )
}

function createWrap() {
  const passwords = createPasswords({ queueLength: Number.POSITIVE_INFINITY, workers: 1 })
  return (digest: string) => passwords.wrap(digest)
}

const progressMilliseconds = 1000

/** Reports progress once a second, on standard error, so that standard output stays data. */
function createProgress(): (text: string) => void {
  const started = Date.now()
  let told = started
  return (text) => {
    const now = Date.now()
    if (now - told < progressMilliseconds) return
    told = now
    process.stderr.write(`${Math.round((now - started) / 1000)} s: ${text}\n`)
  }
}
