import { isIP } from 'node:net'
import { type Command, Option } from 'commander'
import { type CallerRow } from '../../db/callers.js'
import { type CallerFilter, listCallers } from '../../db/listed-callers.js'
import { compilePattern } from '../services/apps/apps.js'
import { guardNames } from '../services/apps/guards.js'
import { networkKey } from '../services/limits/limit-key.js'
import { formatTime } from '../wire/time.js'
import { momentAgo, readSince, sinceHelp } from './command/moments.js'
import { addExample, addJsonOption, type JsonOption } from './command/options.js'
import { isoTime, printJson, printLines, tableLines } from './command/print.js'
import { withDatabase } from './command/session.js'

interface CallersOptions extends JsonOption, Omit<CallerFilter, 'since'> {
  readonly since?: string
}

/** One caller: the calls of one application with one version, of one method, in one scheme, from one network. */
interface Caller extends Omit<CallerRow, 'finding'> {
  /** How often each thing was found in its calls. */
  readonly findings: Record<string, number>
}

/** The most rows that are read: an application has some thousands. */
const mostRead = 50_000

/** Adds `callers`: who still calls what, how and from where. */
export function addCallersCommand(program: Command): void {
  const callers = program
    .command('callers')
    .description(
      'show who calls: application, method, version, scheme and network, and what guards and deprecated parameters found',
    )
    .option('--app <name>', 'only this application; "none" for calls that nobody signed')
    .option('--method <pattern>', 'only this method, or those of a pattern such as web.passport.*')
    .addOption(
      new Option('--scheme <scheme>', 'only calls signed so').choices(['legacy', 'hmac-sha256', 'none']),
    )
    .option(
      '--network <network>',
      'only this network, such as 203.0.113.0/24, or that of an address',
      readNetwork,
    )
    .option('--finding <name>', `only calls with this: ${guardNames.join(', ')}, or deprecated:PARAMETER`)
    .option('--since <time>', `only who has called since: ${sinceHelp}`, readSince)
    .action(showCallers)
  addExample(addJsonOption(callers), 'callers --app web --finding query-credentials --since 30d')
}

async function showCallers({ json, since, method, finding, ...filter }: CallersOptions): Promise<void> {
  const { rows, timeZone } = await withDatabase(async ({ db, clock, config: { timeZone } }) => {
    const from = since === undefined ? undefined : momentAgo(since, clock.now(), timeZone)
    return { rows: await listCallers(db, { ...filter, since: from }, mostRead), timeZone }
  })
  const pattern = compilePattern(method ?? '*')
  const callers = groupCallers(rows.filter((row) => pattern.test(row.method))).filter(
    ({ findings }) => finding === undefined || findings[finding] !== undefined,
  )
  if (json) return printJson(callers.map(describeCaller))
  if (callers.length === 0) return printLines(['no such call was seen'])
  const cells = callers.map((caller) => [
    caller.app_name,
    caller.method || 'any',
    caller.client_version || '-',
    caller.scheme || '-',
    caller.network || 'others',
    String(caller.calls),
    formatTime(caller.first_seen_at, timeZone),
    formatTime(caller.last_seen_at, timeZone),
    Object.entries(caller.findings)
      .map(([name, calls]) => `${name} ${calls}`)
      .join(', '),
  ])
  const head = ['APPLICATION', 'METHOD', 'VERSION', 'SCHEME', 'NETWORK', 'CALLS', 'FIRST SEEN', 'LAST SEEN']
  printLines(tableLines([...head, 'FOUND'], cells))
}

/** Rows of all calls with what was found in them; where only the latter is known, that many calls were made at least. */
function groupCallers(rows: readonly CallerRow[]): Caller[] {
  const callers = new Map<string, Caller>()
  // Rows of all calls come first, as their calls are no fewer.
  const sorted = rows.toSorted((one, other) => Number(one.finding !== '') - Number(other.finding !== ''))
  for (const { finding, ...row } of sorted) {
    const { app_name, method, client_version, scheme, network } = row
    const key = JSON.stringify([app_name, method, client_version, scheme, network])
    const caller = callers.get(key) ?? { ...row, findings: {} }
    callers.set(key, caller)
    if (finding !== '') caller.findings[finding] = row.calls
  }
  return [...callers.values()].toSorted((one, other) => other.calls - one.calls)
}

function describeCaller({ app_name: app, method, client_version: version, ...caller }: Caller) {
  const { scheme, network, calls, findings } = caller
  const [firstSeen, lastSeen] = [isoTime(caller.first_seen_at), isoTime(caller.last_seen_at)]
  return { app, method, version, scheme, network, calls, findings, firstSeen, lastSeen }
}

function readNetwork(text: string): string {
  return isIP(text) === 0 ? text : networkKey(text)
}
