import type { Command } from 'commander'
import { listConflicts } from '../../../db/identity-conflicts.js'
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
  const rows = await withDatabase(({ db }) => listConflicts(db, mostShown))
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
