import type { Command } from 'commander'
import { type ConfigRow, describeConfig, loadConfig } from '../../config/config.js'
import { readEnvironment } from '../../config/env.js'
import { listClientApps } from '../../db/client-apps.js'
import { pendingMigrations } from '../../db/migrate.js'
import { describeMissing, findUnreadable, listMissingKeys } from '../services/keys/sealed-values.js'
import { readGuards } from '../services/apps/guards.js'
import { createVault } from '../services/vault.js'
import { formatTime } from '../wire/time.js'
import { addExample, addJsonOption, type JsonOption } from './command/options.js'
import { printJson, printLines, tableLines } from './command/print.js'
import { withPresentConnection } from './command/session.js'

/** Adds `config`, which shows what is in force and makes no files. */
export function addConfigCommand(program: Command): void {
  const command = program
    .command('config')
    .description('show the configuration in force, secrets masked; a line with "!" is probably not meant')
    .action(async ({ json }: JsonOption) => {
      const variables = await withSealedValues(describeConfig(readEnvironment()))
      const rows = [...variables, ...(await listReportOnly())]
      if (json) return printJson(rows)
      const cells = rows.map(({ name, value, source, warning }) => {
        return [name, value, source, warning === undefined ? '' : `! ${warning}`]
      })
      printLines(tableLines(['NAME', 'VALUE', 'SOURCE', ''], cells))
    })
  addExample(addJsonOption(command), 'config')
}

/** Marks DATA_KEY where values are sealed under one that is missing, as far as there is a database to ask. */
async function withSealedValues(rows: ConfigRow[]): Promise<ConfigRow[]> {
  const { dataKeys } = loadConfig(undefined, { makeKeys: false })
  if (dataKeys.length === 0) return rows
  // What keeps a database from being asked is another command's matter.
  const warning = await withPresentConnection(async (db) => {
    if ((await pendingMigrations(db)).length > 0) return undefined
    const unreadable = await findUnreadable(db, createVault(dataKeys))
    if (unreadable.length === 0) return undefined
    return `${unreadable.join(', ')} hold values under a missing ${describeMissing(await listMissingKeys(db, dataKeys))}`
  }).catch(() => undefined)
  if (warning === undefined) return rows
  return rows.map((row) => (row.name === 'DATA_KEY' ? { ...row, warning } : row))
}

/** What an application is set to, where it is refused less than that for a while. */
interface AppRow extends Pick<ConfigRow, 'value' | 'description'> {
  readonly name: string
  readonly source: 'database'
  readonly warning: string
}

/** Applications with guards that only report, so that no one is forgotten, as far as there is a database to ask. */
async function listReportOnly(): Promise<AppRow[]> {
  const { timeZone } = loadConfig(undefined, { makeKeys: false })
  const apps = await withPresentConnection(async (db) =>
    (await pendingMigrations(db)).length > 0 ? [] : listClientApps(db),
  ).catch(() => [])
  return apps.flatMap((row) => {
    const { reportOnly } = readGuards(row)
    if (!reportOnly) return []
    const end = formatTime(reportOnly.until, timeZone)
    const isOver = reportOnly.until <= Date.now()
    return {
      name: `app ${row.name}`,
      value: reportOnly.guards.join(','),
      source: 'database',
      description: 'Guards of this application that refuse nothing, but count what they would refuse.',
      warning: isOver
        ? `only reported until ${end}, which is over: turn the guard on, or set --report-only none`
        : `only reported until ${end}`,
    }
  })
}
