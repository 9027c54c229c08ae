import type { Command } from 'commander'
import { listSharedNumbers } from '../../../db/shared-addresses.js'
import { type IdentityConflictRow, listConflicts } from '../../../db/identity-conflicts.js'
import { addExample, addJsonOption, type JsonOption } from '../command/options.js'
import { isoTime, printJson, printLines, tableLines } from '../command/print.js'
import { withDatabase } from '../command/session.js'

const mostShown = 10_000

/** Adds `user conflicts`: what two users of an old shop both had. */
export function addConflictsCommand(user: Command): void {
  const conflicts = user
    .command('conflicts')
    .description('show numbers, e-mails and WeChat identities that two users had, and which user kept them')
    .action(showConflicts)
  addExample(addJsonOption(conflicts), 'user conflicts')
}

async function showConflicts({ json }: JsonOption): Promise<void> {
  const rows = await withDatabase(async ({ db, clock }) => {
    const remembered = await listConflicts(db, mostShown)
    return withoutRepeats([...remembered, ...(await listSharedNumbers(db, mostShown, clock.now()))])
  })
  if (json) return printJson(rows.map((row) => ({ ...row, found_at: isoTime(row.found_at) })))
  if (rows.length === 0) return printLines(['No two users had the same number, e-mail or WeChat identity.'])
  printLines(
    tableLines(
      ['KIND', 'USER', 'KEPT BY', 'VALUE'],
      rows.map(({ kind, user_id, kept_user_id, value }) => [
        kind,
        String(user_id),
        String(kept_user_id),
        value,
      ]),
    ),
  )
}

/** What was remembered when the shop was adopted comes first. */
function withoutRepeats(rows: readonly IdentityConflictRow[]): IdentityConflictRow[] {
  const keyOf = ({ kind, value, user_id }: IdentityConflictRow) => `${kind} ${value} ${user_id}`
  const first = new Map(rows.toReversed().map((row) => [keyOf(row), row]))
  return [...first.values()].toReversed()
}
