import { type Command, InvalidArgumentError } from 'commander'
import { type AuditEntryRow, listAuditEntries } from '../../db/audit-entries.js'
import { formatTime } from '../wire/time.js'
import { momentAgo, readSince, sinceHelp } from './command/moments.js'
import { addExample, addJsonOption, type JsonOption, readUid } from './command/options.js'
import { isoTime, printJson, printLines, tableLines } from './command/print.js'
import { withDatabase } from './command/session.js'
import { defined } from '../wire/defined-fields.js'

const mostEntries = 10_000

interface AuditOptions extends JsonOption {
  readonly user?: number
  readonly action?: string
  readonly request?: string
  readonly since?: string
  readonly limit: number
}

/** Adds `audit`: who did what to whom. */
export function addAuditCommand(program: Command): void {
  const audit = program
    .command('audit')
    .description('show who did what, the newest first; AUDIT_DAYS says how long it is kept')
    .option('--user <uid>', 'only what this user did or was subject to', readUid)
    .option('--action <name>', 'only this action, such as manage.account.user.edit or "cli admin add"')
    .option('--request <id>', 'only what the call with this X-Request-Id did')
    .option('--since <time>', `only from then on: ${sinceHelp}`, readSince)
    .option('--limit <number>', 'the most entries to show', readLimit, 100)
    .action(showAudit)
  addExample(addJsonOption(audit), 'audit --user 10002 --since 24h')
}

async function showAudit({ user, action, request, since, limit, json }: AuditOptions): Promise<void> {
  const { entries, timeZone } = await withDatabase(async ({ db, clock, config: { timeZone } }) => {
    const from = since === undefined ? undefined : momentAgo(since, clock.now(), timeZone)
    const entries = await listAuditEntries(db, {
      ...defined({ userId: user, since: from }),
      equals: defined({ action, request_id: request }),
      most: limit,
    })
    return { entries, timeZone }
  })
  if (json) return printJson(entries.map(describeEntry))
  if (entries.length === 0) return printLines(['nothing was recorded'])
  const rows = entries.map((entry) => [
    formatTime(entry.happened_at, timeZone),
    entry.action,
    entry.outcome,
    entry.actor || (entry.actor_id === 0 ? '-' : String(entry.actor_id)),
    entry.target_id === 0 ? '-' : String(entry.target_id),
    entry.ip || '-',
    entry.detail,
  ])
  printLines(tableLines(['TIME', 'ACTION', 'OUTCOME', 'BY', 'TO', 'FROM', 'DETAIL'], rows))
}

function describeEntry({ audit_id, happened_at, actor_id, target_id, ...entry }: AuditEntryRow) {
  const { action, outcome, actor, ip, detail, request_id: request } = entry
  const at = isoTime(happened_at)
  return {
    id: audit_id,
    at,
    action,
    outcome,
    actorId: actor_id,
    actor,
    targetId: target_id,
    ip,
    request,
    detail,
  }
}

function readLimit(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text) || Number(text) > mostEntries)
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${mostEntries}.`)
  return Number(text)
}
