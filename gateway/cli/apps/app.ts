import { type Command, Option } from 'commander'
import {
  type NewApp,
  registerApp,
  rotateSecret,
  setCallRules,
  setCodeLength,
  setEnabled,
  setGrants,
} from '../../services/apps/registry.js'
import { readApp } from '../../services/apps/apps.js'
import { defined } from '../../wire/defined-fields.js'
import { addShowCommands, findApp } from './show.js'
import { addExample, addJsonOption, type JsonOption, readList } from '../command/options.js'
import { printJson, printLines } from '../command/print.js'
import { UsageError } from '../command/error.js'
import { readSecret } from '../command/secret-input.js'
import { withDatabase } from '../command/session.js'

const reach = 'Running nodes see it within 5 seconds.'
const secretHelp = 'the secret, 16 to 128 characters; "-" reads it from standard input; made if absent'
const grantHelp = 'method names or patterns such as web.passport.*, separated by commas'

interface AddOptions
  extends JsonOption,
    Pick<NewApp, 'scheme' | 'trust' | 'codeLength' | 'recut' | 'queryCredentials'> {
  readonly grant: readonly string[]
  readonly ip?: readonly string[]
  readonly secret?: string
}

interface RotateOptions extends JsonOption {
  readonly secret?: string
}

/** Adds `app`: the client applications (passport.md §3). Secrets are shown once, when they are made. */
export function addAppCommands(program: Command): void {
  const app = program.command('app').description('client applications: who may call what')
  addAdd(app)
  addShowCommands(app)
  const rotate = app
    .command('rotate')
    .description('give an application a new secret; the one before stays good until the next rotation')
    .argument('<name>')
    .option('--secret <text>', secretHelp)
    .action(rotateApp)
  addExample(addJsonOption(rotate), 'app rotate web')
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
      .description('say which of its well signed calls an application is refused for')
      .argument('<name>'),
  ).action(changeRules)
  addExample(set, 'app set web --recut report')
  for (const verb of ['disable', 'enable'] as const) {
    const command = app
      .command(verb)
      .description(verb === 'disable' ? 'shut an application out' : 'let an application in again')
      .argument('<name>')
      .action((name: string) => switchApp(name, verb === 'enable'))
    addExample(command, `app ${verb} web`)
  }
}

function addAdd(app: Command): void {
  const schemes = new Option('--scheme <scheme>', 'how it signs its calls').choices(['legacy', 'hmac-sha256'])
  const trusts = new Option(
    '--trust <trust>',
    'server: a back end that keeps its key, trusted for any user; public: users must sign in',
  ).choices(['server', 'public'])
  const add = app
    .command('add')
    .description('register an application and show its secret, once')
    .argument('<name>', 'what it sends as client_type')
    .addOption(schemes.makeOptionMandatory())
    .addOption(trusts.makeOptionMandatory())
    .requiredOption('--grant <patterns>', grantHelp, readList)
    .option('--secret <text>', secretHelp)
    .option('--ip <ranges>', 'addresses and CIDR ranges it may call from, any if absent', readList)
    .option('--code-length <digits>', 'digits of its codes, 4 to 8; what CODE_LENGTH says if absent', Number)
    .action(addApp)
  addRuleOptions(add)
  addExample(addJsonOption(add), "app add shop --scheme hmac-sha256 --trust server --grant 'web.*'")
}

type CallRules = Pick<NewApp, 'recut' | 'queryCredentials'>

function addRuleOptions(command: Command): Command {
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

async function changeRules(name: string, rules: CallRules): Promise<void> {
  const { recut, queryCredentials } = rules
  if (recut === undefined && queryCredentials === undefined)
    throw new UsageError('--recut or --query-credentials: what is to change')
  const after = await withDatabase(async ({ db, vault }) => {
    await setCallRules(db, name, defined({ recut, queryCredentials }))
    return readApp(await findApp(db, name), vault)
  })
  printLines([
    `Application ${name}: calls that can be re-cut, ${after.recut}; passwords in the query, ${after.queryCredentials}. ${reach}`,
  ])
}

async function addApp(name: string, options: AddOptions): Promise<void> {
  const {
    scheme,
    trust,
    grant: grants,
    ip: addresses = [],
    codeLength,
    recut,
    queryCredentials,
    json,
  } = options
  const given = await readGivenSecret(options.secret)
  const app = { name, scheme, trust, grants, addresses, codeLength, recut, queryCredentials }
  const secret = await withDatabase(({ db, vault }) => registerApp(db, vault, { ...app, secret: given }))
  if (json) return printJson({ ...app, ...(given === undefined && { secret }) })
  const from = addresses.length > 0 ? addresses.join(', ') : 'any address'
  printLines([
    `Application ${name} is registered: scheme ${scheme}, trust ${trust}, may call ${grants.join(', ')} from ${from}.`,
    ...secretLines(name, secret, given),
    reach,
  ])
}

async function rotateApp(name: string, options: RotateOptions): Promise<void> {
  const given = await readGivenSecret(options.secret)
  const secret = await withDatabase(({ db, vault }) => rotateSecret(db, vault, name, given))
  if (options.json) return printJson({ name, ...(given === undefined && { secret }) })
  printLines([
    `Application ${name} has a new secret; the one before stays good until the next rotation.`,
    ...secretLines(name, secret, given),
    reach,
  ])
}

async function readGivenSecret(option: string | undefined): Promise<string | undefined> {
  return option === '-' ? readSecret('Secret') : option
}

/** The operator knows a secret given by option, so it is not shown. */
function secretLines(name: string, secret: string, given: string | undefined): string[] {
  if (given !== undefined) return []
  return [
    `secret: ${secret}`,
    `The secret is shown this once: keep it now. If it gets lost, "passport-gateway app rotate ${name}" makes another.`,
  ]
}

async function grantApp(name: string, { grant }: { readonly grant: readonly string[] }): Promise<void> {
  const before = await withDatabase(async ({ db }) => {
    const row = await findApp(db, name)
    await setGrants(db, name, grant)
    return (JSON.parse(row.grants) as string[]).join(', ')
  })
  printLines([`Application ${name} may now call ${grant.join(', ')} (before: ${before}). ${reach}`])
}

async function changeCodeLength(name: string, digits: string): Promise<void> {
  const length = digits === 'default' ? undefined : Number(digits)
  await withDatabase(({ db }) => setCodeLength(db, name, length))
  const form = length === undefined ? 'as many digits as CODE_LENGTH says' : `${length} digits`
  printLines([`Codes that ${name} has sent now have ${form}. ${reach}`])
}

async function switchApp(name: string, enabled: boolean): Promise<void> {
  await withDatabase(({ db }) => setEnabled(db, name, enabled))
  printLines([`Application ${name} is ${enabled ? 'enabled' : 'disabled'}. ${reach}`])
}
