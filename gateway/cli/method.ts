import { findContractDocument } from '../contract/find-document.js'
import { type Command, InvalidArgumentError } from 'commander'
import { listBrownOuts } from '../../db/brown-outs.js'
import { readLastCalls } from '../../db/listed-callers.js'
import type { Deprecation } from '../../schemas/contract-document.js'
import { contractDocuments } from '../../schemas/contracts.js'
import { endBrownOut, mostMinutes, startBrownOut } from '../../methods/rules/operation/brown-outs.js'
import { formatTime } from '../wire/time.js'
import { commandLine } from './command/command-line.js'
import { CommandError, UsageError } from './command/error.js'
import { addExample, addJsonOption, type JsonOption } from './command/options.js'
import { isoTime, printJson, printLines, tableLines } from './command/print.js'
import { type Session, withDatabase } from './command/session.js'

const dayMilliseconds = 86_400_000
/** What was counted is kept a little longer. */
const mostUnusedDays = 390
const reach = 'running nodes see it within 2 seconds'

/** Adds `method`: those that are on their way out, and what makes their last callers notice. */
export function addMethodCommands(program: Command): void {
  const method = program.command('method').description('methods that are on their way out')
  const list = method
    .command('list')
    .description('show the methods that are deprecated or do not answer for a while')
    .option('--unused-days <number>', 'show those that nobody has called for so many days instead', readDays)
    .action(listMethods)
  addExample(addJsonOption(list), 'method list')
  const brownOut = method
    .command('brownout')
    .description('let a method answer nobody for some minutes, so that whoever still calls it notices')
    .argument('<name>', 'the wire name of the method', readMethod)
    .option('--minutes <number>', `for how long, at most ${mostMinutes}`, readMinutes)
    .option('--end', 'let it answer again')
    .option('--force', 'of a method that is not deprecated, too')
    .action(brownOutMethod)
  addExample(brownOut, 'method brownout web.passport.getUserVerifyInfo --minutes 5 --force')
}

interface BrownOutOptions {
  readonly minutes?: number
  readonly end?: true
  readonly force?: true
}

async function brownOutMethod(method: string, { minutes, end, force }: BrownOutOptions): Promise<void> {
  if ((minutes === undefined) === (end === undefined))
    throw new UsageError(
      '--minutes or --end: how long the method is to be silent, or that it is to answer again',
    )
  if (minutes === undefined) {
    await withDatabase((session) => endBrownOut(session, method, commandLine('cli method brownout')))
    return printLines([`${method} answers again; ${reach}`])
  }
  if (!force && !deprecationOf(method))
    throw new UsageError(
      `${method} is not deprecated (x-deprecated of its contract): --force, if you mean it`,
    )
  const until = await withDatabase(async (session) => {
    const ends = await startBrownOut(session, { method, minutes }, commandLine('cli method brownout'))
    return formatTime(ends, session.config.timeZone)
  })
  printLines([`${method} answers nobody until ${until}; ${reach}`])
}

interface ListOptions extends JsonOption {
  readonly unusedDays?: number
}

async function listMethods({ unusedDays, json }: ListOptions): Promise<void> {
  if (unusedDays !== undefined) return listUnused(unusedDays, json)
  const { silent, timeZone } = await withDatabase(async ({ db, clock, config: { timeZone } }) => {
    return { silent: await listBrownOuts(db, clock.now()), timeZone }
  })
  const endOf = new Map(silent.map(({ method, expires_at }) => [method, expires_at]))
  const names = Object.keys(contractDocuments).filter((name) => deprecationOf(name) ?? endOf.has(name))
  if (json) {
    return printJson(
      names.map((method) => ({
        method,
        ...deprecationOf(method),
        silentUntil: isoTime(endOf.get(method) ?? null),
      })),
    )
  }
  if (names.length === 0) return printLines(['no method is deprecated, and all answer'])
  const rows = names.map((name) => {
    const { since = '-', sunset = '-', instead = '-' } = deprecationOf(name) ?? {}
    return [name, since, sunset, instead, formatTime(endOf.get(name) ?? null, timeZone) || '-']
  })
  printLines(tableLines(['METHOD', 'DEPRECATED', 'SUNSET', 'INSTEAD', 'SILENT UNTIL'], rows))
}

/** Throws CommandError where calls were not counted for so long. */
async function listUnused(days: number, json: true | undefined): Promise<void> {
  const { unused, timeZone } = await withDatabase(async (session) => {
    return { unused: await findUnused(session, days), timeZone: session.config.timeZone }
  })
  if (json)
    return printJson(unused.map(({ method, lastCalled }) => ({ method, lastCalled: isoTime(lastCalled) })))
  if (unused.length === 0) return printLines([`every method was called in the last ${days} days`])
  const rows = unused.map(({ method, lastCalled }) => [method, formatTime(lastCalled, timeZone) || 'never'])
  printLines(tableLines(['METHOD', 'LAST CALLED'], rows))
}

async function findUnused(
  { db, clock }: Session,
  days: number,
): Promise<{ method: string; lastCalled: number | null }[]> {
  const { since, lastOf } = await readLastCalls(db)
  const from = clock.now() - days * dayMilliseconds
  if (since === undefined || since > from)
    throw new CommandError(
      since === undefined
        ? 'no call was counted yet, so nothing is known of the methods that nobody calls'
        : `calls are counted since ${isoTime(since)} only, which is less than ${days} days`,
    )
  return callable
    .map((method) => ({ method, lastCalled: lastOf.get(method) ?? null }))
    .filter(({ lastCalled }) => lastCalled === null || lastCalled < from)
}

/** What clients call; the console's own methods are counted by nobody. */
const callable = Object.keys(contractDocuments).filter((name) => !name.startsWith('manage.console.'))

function deprecationOf(method: string): Partial<Deprecation> | undefined {
  return findContractDocument(method)?.['x-deprecated']
}

function readMethod(text: string): string {
  if (!Object.hasOwn(contractDocuments, text))
    throw new InvalidArgumentError('No method has this name; case counts.')
  return text
}

function readDays(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text) || Number(text) > mostUnusedDays)
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${mostUnusedDays}.`)
  return Number(text)
}

function readMinutes(text: string): number {
  const minutes = Number(text)
  if (!/^\d+$/.test(text) || minutes < 1 || minutes > mostMinutes)
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${mostMinutes}.`)
  return minutes
}
