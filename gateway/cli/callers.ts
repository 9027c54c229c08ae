import type { Command } from 'commander'
import { type CredentialCallerRow, listCredentialCallers } from '../../db/credential-callers.js'
import { formatTime } from '../wire/time.js'
import { addExample, addJsonOption, type JsonOption } from './command/options.js'
import { isoTime, printJson, printLines, tableLines } from './command/print.js'
import { withDatabase } from './command/session.js'

interface CallersOptions extends JsonOption {
  readonly app?: string
}

/** Adds `callers`: who would be refused by `app set NAME --query-credentials refuse`. */
export function addCallersCommand(program: Command): void {
  const callers = program
    .command('callers')
    .description(
      'show who calls with a password in the query: application, method, network and version, kept 90 days after the last call',
    )
    .option('--app <name>', 'only this application; "none" for calls that nobody signed')
    .action(showCallers)
  addExample(addJsonOption(callers), 'callers --app web')
}

async function showCallers({ app, json }: CallersOptions): Promise<void> {
  const { rows, timeZone } = await withDatabase(async ({ db, config: { timeZone } }) => {
    return { rows: await listCredentialCallers(db, app), timeZone }
  })
  if (json) return printJson(rows.map(describeCaller))
  if (rows.length === 0) return printLines(['no call with a password in its query was seen'])
  const cells = rows.map((row) => [
    row.app_name,
    row.method,
    row.network || 'others',
    row.client_version || '-',
    String(row.calls),
    formatTime(row.first_seen_at, timeZone),
    formatTime(row.last_seen_at, timeZone),
  ])
  const head = ['APPLICATION', 'METHOD', 'NETWORK', 'VERSION', 'CALLS', 'FIRST SEEN', 'LAST SEEN']
  printLines(tableLines(head, cells))
}

function describeCaller({ app_name, first_seen_at, last_seen_at, ...row }: CredentialCallerRow) {
  const { method, network, client_version: version, calls } = row
  const [firstSeen, lastSeen] = [isoTime(first_seen_at), isoTime(last_seen_at)]
  return { app: app_name, method, network, version, calls, firstSeen, lastSeen }
}
