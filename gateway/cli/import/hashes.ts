import { type Command, InvalidArgumentError } from 'commander'
import type { PasswordCost } from '../../../config/password-cost.js'
import { countPasswordKinds } from '../../../db/password-kinds.js'
import {
  daysShown,
  listFormCounts,
  saveFormCounts,
} from '../../../methods/rules/observation/password-forms.js'
import { createPasswords, type Passwords } from '../../services/sign-in/passwords.js'
import { passwordUpgradeOf } from '../../services/sign-in/password-upgrade.js'
import { CommandError } from '../command/error.js'
import { addExample, addJsonOption, type JsonOption } from '../command/options.js'
import { printJson, printLines, tableLines } from '../command/print.js'
import { type Session, withDatabase } from '../command/session.js'
import { wrapHashes } from './wrap-hashes.js'

/** Adds `user hashes`. */
export function addHashesCommand(user: Command): void {
  const hashes = user
    .command('hashes')
    .description('show how many users have a password hash of each kind')
    .option('--wrap', 'first turn all digests of MD5, SHA-1 and SHA-256 into argon2id over them')
    .option('--days <number>', 'show the counts of so many days, of which this is one', readDays)
    .action(runHashes)
  addExample(addJsonOption(hashes), 'user hashes')
}

interface HashesOptions extends JsonOption {
  readonly wrap?: true
  readonly days?: number
}

async function runHashes({ wrap, days, json }: HashesOptions): Promise<void> {
  if (days !== undefined && !wrap) return showDays(days, json)
  const { kinds, upgrade } = await withDatabase(async (session) => {
    const { db } = session
    const progress = createProgress()
    if (wrap) {
      await refuseWhileHeld(session)
      await wrapHashes(db, createOwnPasswords(session.config.passwordCost), (turned) =>
        progress(`${turned} hashes turned into argon2id`),
      )
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

/** How the old hashes burn down: counts of a day are made by the server, and here. */
async function showDays(days: number, json: true | undefined): Promise<void> {
  const counts = await withDatabase(async (session) => {
    await saveFormCounts(session, await countPasswordKinds(session.db))
    return (await listFormCounts(session)).days.slice(0, days)
  })
  const rows = counts.map(({ counted_at, forms }) => {
    const old = forms.reduce(
      (sum, { form, users }) => sum + (form === 'argon2id' || form === 'none' ? 0 : users),
      0,
    )
    return { day: new Date(counted_at).toISOString().slice(0, 10), old, forms }
  })
  if (json) return printJson(rows)
  const cells = rows.map(({ day, old, forms }) => [
    day,
    String(old),
    forms.map(({ form, users }) => `${form} ${users}`).join(', '),
  ])
  printLines(tableLines(['DAY', 'OLD', 'ALL'], cells))
}

function readDays(text: string): number {
  if (!/^[1-9]\d?$/.test(text) || Number(text) > daysShown)
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${daysShown}.`)
  return Number(text)
}

/** How far the old server can still be used, while it is beside this one. */
function heldLine(kinds: readonly { kind: string; users: number }[]): string {
  const count = (counts: (kind: string) => boolean) =>
    kinds.reduce((sum, { kind, users }) => sum + (counts(kind) ? users : 0), 0)
  const checked = count((kind) => kind === 'md5+salt' || kind === 'md5' || kind === 'md5:R')
  return `PASSWORD_UPGRADE is hold: the old server can check ${checked} of ${count((kind) => kind !== 'none')} passwords.`
}

/** Throws CommandError while an old server checks the hashes in the table, too. */
export async function refuseWhileHeld(session: Session): Promise<void> {
  if ((await passwordUpgradeOf(session)) === 'hold')
    throw new CommandError(
      'PASSWORD_UPGRADE is hold: the old server could not check wrapped passwords; set it to on first',
    )
}

/** Hashes of a command, which waits for as many as it asked for. `cost` is of those that it makes. */
export function createOwnPasswords(cost: PasswordCost): Passwords {
  return createPasswords({ queueLength: Number.POSITIVE_INFINITY, workers: 1, cost })
}

const progressMilliseconds = 1000

/** Reports progress once a second, on standard error, so that standard output stays data. */
export function createProgress(): (text: string) => void {
  const started = Date.now()
  let told = started
  return (text) => {
    const now = Date.now()
    if (now - told < progressMilliseconds) return
    told = now
    process.stderr.write(`${Math.round((now - started) / 1000)} s: ${text}\n`)
  }
}
