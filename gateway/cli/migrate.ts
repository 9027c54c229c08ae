import type { Command } from 'commander'
import { migrate } from '../../db/migrate.js'
import { addExample, addJsonOption, type JsonOption } from './command/options.js'
import { printJson, printLines } from './command/print.js'
import { listPending, withConnection } from './command/session.js'

interface MigrateOptions extends JsonOption {
  readonly pending?: true
}

/** Adds `migrate`, which brings the database to this version's tables. */
export function addMigrateCommand(program: Command): void {
  const command = program
    .command('migrate')
    .description('bring the database up to date; make it where there is none')
    .option('--pending', 'only list what would run')
    .action(async ({ pending, json }: MigrateOptions) => {
      const names = pending ? await listPending() : await withConnection(migrate)
      if (json) printJson(pending ? { pending: names } : { ran: names })
      else if (names.length === 0) printLines(['nothing to do'])
      else printLines(names.map((name) => `${pending ? 'pending' : 'ran'} ${name}`))
    })
  addExample(addJsonOption(command), 'migrate --pending')
}
