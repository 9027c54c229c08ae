import { type Command, InvalidArgumentError } from 'commander'
import { countOldRecoveryCodes } from '../../../db/second-factors.js'
import { describeMissing, listMissingKeys } from '../../services/keys/sealed-values.js'
import { formatTime } from '../../wire/time.js'
import { auditCommand } from '../command/audit.js'
import { CommandError } from '../command/error.js'
import { addExample, addJsonOption, type JsonOption } from '../command/options.js'
import { isoTime, printJson, printLines, tableLines } from '../command/print.js'
import { type Session, withDatabase } from '../command/session.js'
import { type DescribedKey, describeKeys } from '../../../methods/rules/operation/keys/keys.js'
import { reseal } from '../../../methods/rules/operation/keys/resealing.js'
import {
  countSeals,
  type SealCount,
  type SealProgress,
} from '../../../methods/rules/operation/keys/sealed-values.js'

const usualRows = 500
const mostRows = 10_000

/** Adds `keys`: which keys are in use, and how an old one is retired. */
export function addKeysCommands(program: Command): void {
  const keys = program.command('keys').description('keys that the nodes share, and what is sealed under them')
  const list = keys
    .command('list')
    .description('show which keys the nodes have and write with, what each seals, and which may be dropped')
    .action(listKeys)
  addExample(addJsonOption(list), 'keys list')
  const resealCommand = keys
    .command('reseal')
    .description('seal everything under the first DATA_KEY; nodes may run, and it may be run again')
    .option('--rows <number>', 'how many rows are read and written at once', readRows, usualRows)
    .action(resealValues)
  addExample(resealCommand, 'keys reseal')
}

async function listKeys({ json }: JsonOption): Promise<void> {
  const { keys, counts, missing, oldCodes, timeZone } = await withDatabase(async (session) => {
    const counts = await countSeals(session, { rows: mostRows })
    return {
      counts,
      keys: await describeKeys(session, counts),
      missing: await listMissingKeys(session.db, session.config.dataKeys),
      oldCodes: await countOldRecoveryCodes(session.db),
      timeZone: session.config.timeZone,
    }
  })
  const unreadable = counts.filter((count) => count.unreadable > 0)
  if (json)
    return printJson({
      keys: keys.map((key) => ({ ...key, lastAt: isoTime(key.lastAt), dropAt: isoTime(key.dropAt) })),
      administratorsWithOldRecoveryCodes: oldCodes,
      unreadable: Object.fromEntries(unreadable.map(({ column, unreadable }) => [column, unreadable])),
    })
  const rows = keys.map((key) => [
    key.variable,
    key.fingerprint,
    key.place < 0 ? '-' : String(key.place + 1),
    String(key.heldBy.length),
    String(key.writtenBy.length),
    formatTime(key.lastAt, timeZone) || '-',
    key.variable === 'DATA_KEY' ? sealedText(key) : '',
    advice[key.state](key, timeZone),
  ])
  printLines(tableLines(['VARIABLE', 'KEY', 'HERE', 'NODES', 'WRITING', 'LAST WRITTEN', 'SEALED', ''], rows))
  printLines(unreadable.map((count) => unreadableLine(count, missing)))
  if (oldCodes > 0)
    printLines([
      `! ${oldCodes} administrators have recovery codes that are lost with the DATA_KEY of their time: they make new ones first`,
    ])
}

function sealedText({ sealed }: DescribedKey): string {
  return Object.entries(sealed)
    .map(([column, count]) => `${column} ${count}`)
    .join(', ')
}

const advice: Readonly<Record<DescribedKey['state'], (key: DescribedKey, timeZone: string) => string>> = {
  lacked: ({ lackedBy }) => `give it to ${lackedBy.join(', ')}`,
  used: () => 'in use',
  waiting: () => 'no node writes with it yet',
  reseal: () => 'in use: run "passport-gateway keys reseal" to retire it',
  kept: ({ dropAt }, timeZone) => `may be dropped from ${formatTime(dropAt, timeZone)} on`,
  free: () => 'may be dropped',
  elsewhere: () => 'nodes have it: give this command their keys',
  lost: () => 'not given: values that no key opens may be under it',
  gone: () => 'not given, and nothing misses it',
}

function unreadableLine({ column, unreadable }: SealCount, missing: readonly string[]): string {
  return `! ${column}: ${unreadable} sealed under none of these keys; missing is ${describeMissing(missing)}`
}

async function resealValues({ rows }: { readonly rows: number }): Promise<void> {
  const { resealed, lost, missing } = await withDatabase(async (session) => {
    const { db, vault, config } = session
    // What nodes can't open is not written, and under an older key there is nothing to gain.
    if (vault.writing() !== 0)
      throw new CommandError('running nodes lack the first DATA_KEY: see "passport-gateway keys list"')
    const resealed = await reseal(session, { rows, show: createProgress() })
    if (resealed > 0) await auditReseal(session, resealed)
    const counts = await countSeals(session, { rows: mostRows })
    const lost = counts.filter((count) => count.unreadable > 0)
    return { resealed, lost, missing: await listMissingKeys(db, config.dataKeys) }
  })
  printLines([`${resealed} rows were sealed anew`, ...lost.map((count) => unreadableLine(count, missing))])
  if (lost.length > 0) throw new CommandError('there are values that no key opens')
}

function auditReseal(session: Session, resealed: number): Promise<void> {
  return auditCommand(session, 'cli keys reseal', { detail: `${resealed} rows` })
}

/** Says on standard error how far it is: at the first span of each column, and then once a second. */
function createProgress(): (progress: SealProgress) => void {
  let before = { column: '', at: 0 }
  return ({ column, read, resealed }) => {
    const now = performance.now()
    if (column === before.column && now - before.at < 1000) return
    before = { column, at: now }
    process.stderr.write(`${column}: ${read} rows read, ${resealed} sealed anew\n`)
  }
}

function readRows(text: string): number {
  const rows = Number(text)
  if (!/^\d+$/.test(text) || rows < 1 || rows > mostRows)
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${mostRows}.`)
  return rows
}
