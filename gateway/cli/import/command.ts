import type { Command } from 'commander'
import { Option } from 'commander'
import { oldFormNames } from '../../services/sign-in/password-forms/old-hash.js'
import { addExample, addJsonOption, type JsonOption } from '../command/options.js'
import { printJson, printLines, tableLines } from '../command/print.js'
import { withDatabase } from '../command/session.js'
import { checkForms } from './check-forms.js'
import { importColumns } from './columns.js'
import { type DateWay, dateWays } from './dates.js'
import { type ImportCounts, importUsers } from './import-users.js'
import { createOwnPasswords, createProgress, refuseWhileHeld } from './hashes.js'
import { type Charset, charsets } from './file/read-text.js'
import { type ImportFormat, readUsers } from './file/read-users.js'
import { openReport } from './report.js'
import { createSeal } from './seal.js'

interface ImportFlags extends JsonOption {
  readonly format?: ImportFormat
  readonly charset: Charset
  readonly dates: DateWay
  readonly form?: string
  readonly check?: string
  readonly report?: string
  readonly wrap?: true
  readonly update?: true
  readonly dryRun?: true
}

/** Adds `user import`. */
export function addImportCommand(user: Command): void {
  const importing = user
    .command('import')
    .description('import users with their old password hashes from CSV or JSON lines; can be run again')
    .argument('<file>', 'the file; - for standard input')
    .addOption(
      choice('--format <format>', 'csv or jsonl; by the name of the file if absent', ['csv', 'jsonl']),
    )
    .addOption(choice('--charset <charset>', 'of a file without a byte order mark', charsets, 'utf-8'))
    .addOption(choice('--dates <order>', 'how dates are written whose year is not first', dateWays, 'ymd'))
    .addOption(choice('--form <form>', 'how the hashes were made that do not tell it', oldFormNames))
    .option(
      '--check <file>',
      'only say which form fits a CSV file of known passwords: uid or account, password; in the charset of the users',
    )
    .option('--dry-run', 'only say what would come in')
    .option('--update', 'users who are there already take over what the file has of them')
    .option('--report <file>', 'write what did not come in to a new CSV file, by line; none may be there')
    .option('--wrap', 'turn fast digests into argon2id over them at once (about 10 ms of a core each)')
    .addHelpText('after', `\nColumns:\n${columnLines().join('\n')}`)
    .action(runImport)
  addExample(addJsonOption(importing), 'user import users.csv --form md5')
}

function choice(flags: string, description: string, choices: readonly string[], preset?: string): Option {
  const option = new Option(flags, description).choices([...choices])
  return preset === undefined ? option : option.default(preset)
}

function columnLines(): string[] {
  return Object.entries(importColumns).map(([name, meaning]) => `  ${name.padEnd(16)} ${meaning}`)
}

async function runImport(file: string, flags: ImportFlags): Promise<void> {
  const format = flags.format ?? (/\.(jsonl|ndjson|json)$/i.test(file) ? 'jsonl' : 'csv')
  const lines = readUsers(file, { format, charset: flags.charset, unknown: tellUnknown })
  if (flags.check !== undefined) return checkForms(lines, flags.check, flags)
  const counts = await bringIn(lines, flags)
  if (flags.json) printJson(counts)
  else printLines(summaryOf(counts, flags))
  if (counts.bad + counts.conflicts > 0) process.exitCode = 1
}

async function bringIn(lines: ReturnType<typeof readUsers>, flags: ImportFlags): Promise<ImportCounts> {
  return withDatabase(async (session) => {
    const { db, clock, config } = session
    if (flags.wrap) await refuseWhileHeld(session)
    const report = await openReport(flags.report)
    const progress = createProgress()
    try {
      const counts = await importUsers(lines, {
        db,
        now: () => clock.now(),
        timeZone: config.timeZone,
        wechat: config.wechat,
        shopTokens: config.shopTokens,
        passwordCost: config.passwordCost,
        update: flags.update ?? false,
        isDry: flags.dryRun ?? false,
        seal: flags.wrap && createSeal(createOwnPasswords(config.passwordCost)),
        dates: flags.dates,
        form: flags.form,
        report,
        progress: ({ lines, imported, bad }) => progress(`${lines} lines, ${imported} imported, ${bad} bad`),
      })
      await report.close()
      return counts
    } catch (error) {
      await report.abandon()
      throw error
    }
  })
}

/** Names of columns are the file's own, and there may be very many. */
const mostNames = 10

function tellUnknown(names: readonly string[]): void {
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : ''
  const shown = names.slice(0, mostNames).map((name) => JSON.stringify(name.slice(0, 40)))
  process.stderr.write(`columns that are not known are left out: ${shown.join(', ')}${more}\n`)
}

function summaryOf(counts: ImportCounts, { dryRun }: ImportFlags): string[] {
  const rows = [
    ['lines', counts.lines],
    ['imported', counts.imported],
    ['known before', counts.known],
    ['of these updated', counts.updated],
    ['bad lines', counts.bad],
    ['ids or accounts of others', counts.conflicts],
    ['numbers and addresses of others', counts.taken],
    ['fields left out', counts.leftOut],
  ] as const
  return [
    ...(dryRun ? ['A dry run: nothing was written.'] : []),
    ...tableLines(
      ['what', 'count'],
      rows.map(([what, count]) => [what, String(count)]),
    ),
  ]
}
