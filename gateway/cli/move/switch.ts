import { type Command, InvalidArgumentError, Option } from 'commander'
import { listMoveRoutes } from '../../../db/move-routes.js'
import { returnRoutes, switchRoutes } from '../../../methods/rules/operation/move/routes.js'
import { type Common, movableMethods } from '../../move/switch/method-groups.js'
import { findTorn, readCommon, tiesOf, withPartners } from '../../move/switch/partners.js'
import { wholeShare } from '../../move/switch/side.js'
import { findContractDocument } from '../../contract/find-document.js'
import { commandLine } from '../command/command-line.js'
import { CommandError, UsageError } from '../command/error.js'
import { addExample } from '../command/options.js'
import { printLines } from '../command/print.js'
import { type Session, withDatabase } from '../command/session.js'
import { matcherOf } from '../../move/compare/method-patterns.js'
import { readPercent } from './option-values.js'

interface BackCommandOptions {
  readonly app: string
  readonly reason: string
}

interface SwitchCommandOptions extends BackCommandOptions {
  readonly share: number
  readonly by: 'ip' | 'uid'
  readonly sharedDatabase?: true
  readonly sharedSessions?: true
  readonly withPairs?: true
}

/** Adds `move switch` and `move back`: which server answers a method. */
export function addSwitchCommands(move: Command): void {
  const switching = move
    .command('switch')
    .description('let this server answer methods; the proxies follow within 2 seconds')
    .argument('<method>', 'a wire name, or a pattern such as web.passport.*', readMethods)
    .option('--app <name>', 'calls of this application only', '')
    .option('--share <percent>', 'of the callers', readPercent, 100)
    .addOption(new Option('--by <what>', 'tells callers apart').choices(['ip', 'uid']).default('ip'))
    .option('--shared-database', 'both servers work on the same accounts')
    .option('--shared-sessions', "each server takes the other's tokens")
    .option('--with-pairs', 'move what belongs to them too')
    .option('--reason <text>', 'shown by "move status"', 'by hand')
    .action(switchMethods)
  addExample(switching, "move switch 'web.passport.*' --shared-database --share 10 --by ip")
  const back = move
    .command('back')
    .description('let the old server answer methods again, with what belongs to them; within 2 seconds')
    .argument('<method>', "a wire name, or a pattern; '*' for everything", readMethods)
    .option('--app <name>', 'calls of this application only', '')
    .option('--reason <text>', 'shown by "move status"', 'by hand')
    .action(sendBack)
  addExample(back, "move back 'web.passport.*'")
}

async function switchMethods(named: readonly string[], options: SwitchCommandOptions): Promise<void> {
  const { app, by, reason, withPairs = false } = options
  const common: Common[] = [
    ...(options.sharedDatabase ? (['database'] as const) : []),
    ...(options.sharedSessions ? (['sessions'] as const) : []),
  ]
  const share = Math.round(options.share * (wholeShare / 100))
  if (share === 0) throw new UsageError('--share: "move back" is what takes a method back')
  await withDatabase(async (session) => {
    const routes = await listMoveRoutes(session.db)
    // What has moved already is not left behind.
    const moved = routes.filter((row) => row.app === app && row.share === share).map(({ method }) => method)
    const methods = withPairs ? withPartners(named, common) : [...named]
    refuseTorn(methods, moved, common)
    if (share < wholeShare) refuseShare(methods, by, common)
    const isOtherwise = routes.some(
      (row) => methods.includes(row.method) && row.app === app && row.share > 0 && row.caller !== by,
    )
    if (isOtherwise)
      throw new CommandError(
        `--by ${by}: a share that was made otherwise has other callers; "move back" first`,
      )
    const change = { methods, app, share, caller: by, common: common.join(','), reason }
    await switchRoutes(session, change, commandLine('cli move switch'))
    printLines([...methods, `${options.share} % at the new server; the proxies follow within 2 seconds`])
  })
}

async function sendBack(named: readonly string[], { app, reason }: BackCommandOptions): Promise<void> {
  const methods = await withDatabase(async (session) => {
    const all = await withTheirPartners(session, named)
    return returnRoutes(session, { methods: all, app, reason }, commandLine('cli move back'))
  })
  if (methods.length === 0) throw new CommandError('none of them is at the new server')
  printLines([...methods, 'at the old server; the proxies follow within 2 seconds'])
}

/** What has moved together goes back together, by what was said when it moved. */
async function withTheirPartners({ db }: Session, named: readonly string[]): Promise<string[]> {
  const routes = await listMoveRoutes(db)
  const all = named.flatMap((method) => {
    const route = routes.find((row) => row.method === method && row.share > 0)
    return route === undefined ? [] : withPartners([method], readCommon(route.common))
  })
  return [...new Set(all)]
}

/** @throws CommandError that names what is left behind */
function refuseTorn(methods: readonly string[], moved: readonly string[], common: readonly Common[]): void {
  const torn = findTorn([...new Set([...methods, ...moved])], common).filter((group) =>
    group.moved.some((method) => methods.includes(method)),
  )
  if (torn.length === 0) return
  const lines = torn.map(({ group, moved, left }) => `${moved.join(', ')} with ${left.join(', ')} (${group})`)
  throw new CommandError(
    `what one server has noted, the other does not know: ${lines.join('; ')}. --with-pairs moves them together; --shared-database and --shared-sessions say what both servers hold in common`,
  )
}

/** @throws CommandError where a caller might not stay with one server */
function refuseShare(methods: readonly string[], by: 'ip' | 'uid', common: readonly Common[]): void {
  const unnamed = methods.filter((name) => !findContractDocument(name)?.properties['uid'])
  if (by === 'uid' && unnamed.length > 0)
    throw new CommandError(`--by uid: calls of ${unnamed.join(', ')} name no uid; take --by ip`)
  const tied = methods.filter((name) => tiesOf(name, common).some(({ unless }) => unless !== undefined))
  if (by === 'ip' && tied.length > 0)
    throw new CommandError(
      `--share by ip: a user who comes from another address would find another server's data or session: ${tied.join(', ')}; --shared-database and --shared-sessions say what both servers hold in common`,
    )
}

function readMethods(text: string): readonly string[] {
  const matches = matcherOf([text])
  const found = movableMethods.filter((name) => matches(name))
  if (found.length > 0) return found
  throw new InvalidArgumentError('No method has this name, or fits this pattern; case counts.')
}
