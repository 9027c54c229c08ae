import { randomBytes } from 'node:crypto'
import { type Command, Option } from 'commander'
import { emptyParameters, type RawParameters } from '../../wire/query-string.js'
import { signHmac, signLegacy } from '../../wire/signature.js'
import { type Diagnosis, diagnose, maskedText, methodOfPath, type SigningApp } from './doctor.js'
import { readPairs } from './recipe.js'
import { UsageError } from '../command/error.js'
import { addExample, addJsonOption } from '../command/options.js'
import { printJson, printLines } from '../command/print.js'
import { type AppOptions, findSigner } from './signer.js'

const schemes = ['legacy', 'hmac-sha256'] as const
const appHelp = 'the name of the application'
const secretHelp =
  '"-" reads the secret from standard input instead of taking that of the registered application'

interface MakeOptions extends AppOptions {
  readonly app: string
  readonly url?: string
  readonly explain?: true
}

interface CheckOptions extends AppOptions {
  readonly form?: string
}

/** Adds `sign`: makes signed calls, and finds out why one is refused (passport.md §3). Shows no secret. */
export function addSignCommand(program: Command): void {
  const sign = program.command('sign').description('signatures: make one, or find out what is wrong with one')
  const make = sign
    .command('make')
    .description('print the URL of a signed call')
    .argument('<parameters...>', 'name=value, not url-encoded, such as method=open.passport.get')
    .requiredOption('--app <name>', appHelp)
    .option('--url <base>', "the gateway's address, with or without a path; PUBLIC_URL if absent")
    .option('--explain', 'also print the exact text that is signed, the secret masked')
    .action(makeCall)
  addAppOptions(make, 'sign make --app web --explain method=open.passport.get uid=5357305')
  const check = sign
    .command('check')
    .description('say whether the signature of a call fits, and if not, which mistake made it')
    .argument('<url>', 'the URL exactly as the client sent it')
    .option('--app <name>', `${appHelp}; the one that the call names if absent`)
    .option('--form <text>', 'the form it posted, exactly as sent')
    .action(checkCall)
  addAppOptions(check, "sign check --app web 'http://127.0.0.1:8080/gateway?method=…&client_secret=…'")
}

function addAppOptions(command: Command, example: string): void {
  const scheme = new Option('--scheme <scheme>', 'with --secret; legacy if absent').choices(schemes)
  addExample(addJsonOption(command.option('--secret <->', secretHelp).addOption(scheme)), example)
}

async function makeCall(texts: readonly string[], options: MakeOptions): Promise<void> {
  const params = readParameters(texts)
  const { app, publicUrl } = await findSigner(options.app, options)
  const base = options.url ?? publicUrl
  if (base === undefined || !URL.canParse(base)) throw new UsageError('--url: such as http://127.0.0.1:8080')
  const url = new URL(base)
  if (url.pathname.endsWith('/')) url.pathname += 'gateway'
  const signed = sign(params, app, methodOfPath(url.pathname))
  url.search = new URLSearchParams(signed.sent).toString()
  if (options.json) return printJson({ url: url.href, ...(options.explain && { text: signed.text }) })
  const explanation = ['', `${digestOf(app)} of this text, the secret masked:`, signed.text]
  printLines([url.href, ...(options.explain ? explanation : [])])
}

function readParameters(texts: readonly string[]): RawParameters {
  const params = emptyParameters()
  for (const text of texts) {
    const split = text.indexOf('=')
    const name = text.slice(0, split)
    if (split < 1) throw new UsageError(`${text}: a parameter is written name=value`)
    if (['client_secret', 'client_type', 'private_key'].includes(name))
      throw new UsageError(`${name} is filled in by this command`)
    params[name] ??= text.slice(split + 1)
  }
  return params
}

function sign(params: RawParameters, app: SigningApp, pathMethod: string | undefined) {
  const [secret = ''] = app.secrets
  const sent: RawParameters = Object.assign(emptyParameters(), params, { client_type: app.name })
  if (app.scheme === 'legacy') {
    // A path that a signature alone opens wants its method signed, and all take it.
    if (pathMethod !== undefined) sent['method'] ??= pathMethod
    return {
      sent: Object.assign(sent, { client_secret: signLegacy(sent, secret) }),
      text: maskedText(sent, app),
    }
  }
  sent['sign_method'] ??= app.scheme
  sent['timestamp'] ??= String(Math.floor(Date.now() / 1000))
  sent['nonce'] ??= randomBytes(16).toString('hex')
  // REST paths carry no `method`, but it is signed there too.
  const whole: RawParameters = Object.assign(emptyParameters(), sent, pathMethod && { method: pathMethod })
  return {
    sent: Object.assign(sent, { client_secret: signHmac(whole, secret) }),
    text: maskedText(whole, app),
  }
}

async function checkCall(url: string, options: CheckOptions): Promise<void> {
  const [, path = '', query = ''] = /^(?:https?:\/\/[^/?#]*)?([^?#]*)\??([^#]*)/i.exec(url) ?? []
  const pairs = readPairs(`${query}&${options.form ?? ''}`)
  const valueOf = (name: string) => pairs.find((pair) => pair.name === name)?.value
  const name = options.app ?? (valueOf('app_key') || valueOf('client_type'))
  if (!name) throw new UsageError('--app: the call names no application')
  const { app, others, refusals } = await findSigner(name, options)
  const diagnosis = diagnose({ path, pairs, now: Date.now() }, app, others)
  const reasons = [...diagnosis.mistakes, ...refusals(methodOfPath(path) ?? valueOf('method') ?? '')]
  const accepted = diagnosis.fits && reasons.length === 0
  if (!accepted) process.exitCode = 1
  if (!options.json) return printLines(describe(diagnosis, reasons, app))
  const { slot, warnings, text } = diagnosis
  const secret = slot === undefined ? null : slot + 1
  const { scheme, secrets } = app
  printJson({ accepted, app: name, scheme, secret, liveSecrets: secrets.length, reasons, warnings, text })
}

function describe(
  { fits, slot, warnings, text }: Diagnosis,
  reasons: readonly string[],
  app: SigningApp,
): string[] {
  const { length } = app.secrets
  const rank = slot === 0 ? 'the newest' : 'not the newest'
  const which =
    slot === undefined ? [] : [`It was made with secret ${slot + 1} of ${length} of ${app.name}, ${rank}.`]
  const unknown =
    fits || slot !== undefined || reasons.length > 0 ? [] : ['no known mistake makes the signature fit']
  const refused = [...reasons, ...unknown].map((reason) => `- ${reason}`)
  const once = app.scheme === 'legacy' ? '' : ', if its nonce was not used before'
  return [
    ...(refused.length === 0
      ? [`The gateway takes this call${once}.`]
      : ['The gateway refuses this call:', ...refused]),
    ...which,
    ...warnings.map((warning) => `Warning: ${warning}.`),
    '',
    `The gateway takes the ${digestOf(app)} of this text, the secret masked:`,
    text,
  ]
}

function digestOf({ scheme }: SigningApp): string {
  return scheme === 'legacy' ? 'MD5' : 'HMAC-SHA256'
}
