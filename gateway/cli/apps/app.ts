import { type Command, Option } from 'commander'
import {
  addApplication,
  retireApplication,
  rotateApplication,
} from '../../../methods/rules/operation/applications.js'
import type { NewApp } from '../../services/apps/registry.js'
import { commandLine } from '../command/command-line.js'
import { addExample, addJsonOption, type JsonOption, readList } from '../command/options.js'
import { printJson, printLines } from '../command/print.js'
import { readSecret } from '../command/secret-input.js'
import { withDatabase } from '../command/session.js'
import { addChangeCommands, addRuleOptions, grantHelp, makeTrustOption, reach } from './changes.js'
import { addShowCommands } from './show.js'

const secretHelp = 'the secret, 16 to 128 characters; "-" reads it from standard input; made if absent'

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
  const retire = app
    .command('retire')
    .description('end the secret from before the last rotation, once no client signs with it any more')
    .argument('<name>')
    .action(retireSecret)
  addExample(retire, 'app retire web')
  addChangeCommands(app)
}

function addAdd(app: Command): void {
  const schemes = new Option('--scheme <scheme>', 'how it signs its calls').choices(['legacy', 'hmac-sha256'])
  const add = app
    .command('add')
    .description('register an application and show its secret, once')
    .argument('<name>', 'what it sends as client_type')
    .addOption(schemes.makeOptionMandatory())
    .addOption(makeTrustOption().makeOptionMandatory())
    .requiredOption('--grant <patterns>', grantHelp, readList)
    .option('--secret <text>', secretHelp)
    .option('--ip <ranges>', 'addresses and CIDR ranges it may call from, any if absent', readList)
    .option('--code-length <digits>', 'digits of its codes, 4 to 8; what CODE_LENGTH says if absent', Number)
    .action(addApp)
  addRuleOptions(add)
  addExample(addJsonOption(add), "app add shop --scheme hmac-sha256 --trust server --grant 'web.*'")
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
  const secret = await withDatabase((session) =>
    addApplication(session, { ...app, secret: given }, commandLine('cli app add')),
  )
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
  const secret = await withDatabase((session) =>
    rotateApplication(session, { name, secret: given }, commandLine('cli app rotate')),
  )
  if (options.json) return printJson({ name, ...(given === undefined && { secret }) })
  printLines([
    `Application ${name} has a new secret; the one before stays good until the next rotation.`,
    ...secretLines(name, secret, given),
    reach,
  ])
}

async function retireSecret(name: string): Promise<void> {
  await withDatabase((session) => retireApplication(session, name, commandLine('cli app retire')))
  printLines([`Application ${name} has its newest secret only. ${reach}`])
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
