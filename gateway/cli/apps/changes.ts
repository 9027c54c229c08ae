import { type Command, Option } from 'commander'
import { changeApplication } from '../../../methods/rules/operation/applications.js'
import { readReportOnly } from '../../../methods/rules/operation/application-forms.js'
import { findApplication } from '../../../methods/rules/operation/registered-applications.js'
import { guardNames } from '../../services/apps/guards.js'
import type { AppChange } from '../../services/apps/registry.js'
import { UsageError } from '../command/error.js'
import { commandLine } from '../command/command-line.js'
import { momentAhead, readUntil } from '../command/moments.js'
import { addExample, readList } from '../command/options.js'
import { printLines } from '../command/print.js'
import { withDatabase } from '../command/session.js'
import { reportOnlyText } from './report-only-text.js'

export const reach = 'Running nodes see it within 5 seconds.'
export const grantHelp = 'method names or patterns such as web.passport.*, separated by commas'

/** Adds what changes an application that is registered: `app grant`, `code-length`, `set`, `disable` and `enable`. */
export function addChangeCommands(app: Command): void {
  const grant = app
    .command('grant')
    .description('replace what an application may call')
    .argument('<name>')
    .requiredOption('--grant <patterns>', grantHelp, readList)
    .action(grantApp)
  addExample(grant, "app grant web --grant 'web.passport.*,open.passport.get'")
  const codeLength = app
    .command('code-length')
    .description('set how many digits the codes of an application have')
    .argument('<name>')
    .argument('<digits>', '4 to 8, or "default" for what CODE_LENGTH says')
    .action(changeCodeLength)
  addExample(codeLength, 'app code-length web 6')
  const set = addRuleOptions(
    app
      .command('set')
      .description(
        'say whom an application is trusted for, from where it may call, and which calls it is refused for',
      )
      .argument('<name>')
      .addOption(makeTrustOption())
      .option('--ip <ranges>', 'addresses and CIDR ranges it may call from; "any" for all', readList)
      .addOption(new Option('--scheme <scheme>', 'how it signs its calls').choices(['legacy', 'hmac-sha256']))
      .option(
        '--report-only <guards>',
        `guards that count what they would refuse, and refuse nothing: ${guardNames.join(', ')}; "none" for none`,
        readList,
      )
      .option(
        '--until <time>',
        'until when they only report: 2026-01-31, or a time from now such as 14d; at most 90 days',
        readUntil,
      ),
  ).action(changeRules)
  addExample(set, 'app set web --recut report')
  for (const verb of ['disable', 'enable'] as const) {
    const command = app
      .command(verb)
      .description(verb === 'disable' ? 'shut an application out' : 'let an application in again')
      .argument('<name>')
      .action((name: string) => switchApp(name, verb))
    addExample(command, `app ${verb} web`)
  }
}

/** Whom an application is trusted for. Each command has one of its own, as an option says whether it is mandatory. */
export function makeTrustOption(): Option {
  return new Option(
    '--trust <trust>',
    'server: a back end that keeps its key, trusted for any user; public: users must sign in',
  ).choices(['server', 'public'])
}

/** Adds what an application is refused for. */
export function addRuleOptions(command: Command): Command {
  const recut = new Option(
    '--recut <rule>',
    'calls whose legacy signature can be read as another call: refuse, or only report them; refuse at first',
  )
  const inQuery = new Option(
    '--query-credentials <rule>',
    'calls with a password in the query, which logs keep: accept or refuse them; accept at first',
  )
  return command
    .addOption(recut.choices(['report', 'refuse']))
    .addOption(inQuery.choices(['accept', 'refuse']))
}

interface RuleOptions extends Pick<AppChange, 'scheme' | 'trust' | 'recut' | 'queryCredentials'> {
  readonly ip?: readonly string[]
  readonly reportOnly?: readonly string[]
  readonly until?: string
}

async function changeRules(name: string, options: RuleOptions): Promise<void> {
  const { ip, reportOnly: guards, until, ...rules } = options
  const addresses = ip?.join() === 'any' ? [] : ip
  if (Object.values(options).every((value) => value === undefined))
    throw new UsageError(
      '--trust, --ip, --recut, --query-credentials, --scheme or --report-only: what is to change',
    )
  if ((guards !== undefined && guards.join() !== 'none') !== (until !== undefined))
    throw new UsageError('--report-only and --until: which guards only report, and until when')
  const { app, timeZone } = await withDatabase(async (session) => {
    const { clock, config } = session
    const end = until === undefined ? 0 : momentAhead(until, clock.now(), config.timeZone)
    const reportOnly = guards && readReportOnly(guards, end)
    const change = { ...rules, addresses, reportOnly }
    await changeApplication(session, { name, ...change }, commandLine('cli app set'))
    return { app: await findApplication(session, name), timeZone: config.timeZone }
  })
  const { trust, addresses: from, recut, queryCredentials, scheme, reportOnly } = app
  printLines([
    ...(options.trust === undefined ? [] : [`Application ${name}: trust ${trust}.`]),
    ...(options.scheme === undefined ? [] : [`Application ${name}: scheme ${scheme}.`]),
    ...(addresses === undefined
      ? []
      : [`Application ${name}: may call from ${from.join(', ') || 'any address'}.`]),
    ...(reportOnly ? [`Application ${name}: ${reportOnlyText(reportOnly, timeZone)}.`] : []),
    `Application ${name}: calls that can be re-cut, ${recut}; passwords in the query, ${queryCredentials}. ${reach}`,
  ])
}

async function grantApp(name: string, { grant }: { readonly grant: readonly string[] }): Promise<void> {
  const row = await withDatabase((session) =>
    changeApplication(session, { name, grants: grant }, commandLine('cli app grant')),
  )
  const before = (JSON.parse(row.grants) as string[]).join(', ')
  printLines([`Application ${name} may now call ${grant.join(', ')} (before: ${before}). ${reach}`])
}

async function changeCodeLength(name: string, digits: string): Promise<void> {
  const codeLength = digits === 'default' ? null : Number(digits)
  await withDatabase((session) =>
    changeApplication(session, { name, codeLength }, commandLine('cli app code-length')),
  )
  const form = codeLength === null ? 'as many digits as CODE_LENGTH says' : `${codeLength} digits`
  printLines([`Codes that ${name} has sent now have ${form}. ${reach}`])
}

async function switchApp(name: string, verb: 'disable' | 'enable'): Promise<void> {
  const enabled = verb === 'enable'
  await withDatabase((session) =>
    changeApplication(session, { name, enabled }, commandLine(`cli app ${verb}`)),
  )
  printLines([`Application ${name} is ${verb}d. ${reach}`])
}
