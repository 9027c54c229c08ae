import { type Command, Option } from 'commander'
import { defined } from '../../wire/defined-fields.js'
import { CommandError, UsageError } from '../command/error.js'
import { addExample, addJsonOption, type JsonOption } from '../command/options.js'
import { printJson, printLines } from '../command/print.js'
import { readSecret } from '../command/secret-input.js'
import { drills } from './drills.js'
import type { Drill, Finding } from './finding.js'
import { createTarget, type DrillSettings, isKeyTaken, keyProof, type Target } from './target.js'

interface DrillOptions
  extends JsonOption,
    Pick<DrillSettings, 'url' | 'app' | 'secret' | 'scheme' | 'user' | 'victim' | 'token' | 'metricsToken'> {
  readonly remote?: true
  readonly publicApp?: string
  readonly publicSecret?: string
  readonly account?: string
  readonly password?: string
  readonly number?: string
  readonly texts?: true
  readonly asProxy?: true
}

/** Adds `drill`: attacks on a running server of the operator's own, each of which says whether the server held. */
export function addDrillCommand(program: Command): void {
  const schemes = new Option('--scheme <scheme>', 'how the application signs').choices([
    'legacy',
    'hmac-sha256',
  ])
  const width = Math.max(...drills.map(({ name }) => name.length))
  const list = drills.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`)
  const command = program
    .command('drill')
    .description('attack a running server of your own and say what held; ends with 1 if anything was broken')
    .argument('<name>', 'a drill of the list below, or "all"')
    .requiredOption('--url <base>', "the server's address, such as http://127.0.0.1:8080")
    .requiredOption('--app <name>', 'the application whose key the attacks may use')
    .requiredOption('--secret <text>', 'its secret; "-" reads it from standard input')
    .addOption(schemes.default('legacy'))
    .option('--user <uid>', 'a user the attacks may act as, and change', '5357305')
    .option('--victim <uid>', 'another user, who is attacked and may be changed', '6030455')
    .option('--public-app <name>', 'an application of trust public, whose key strangers have')
    .option('--public-secret <text>', 'its secret')
    .option('--account <name>', 'the name that a user of the test signs in by; it is guessed at, and paused')
    .option('--password <text>', "that user's password")
    .option('--number <mobile>', "that user's mobile number")
    .option('--token <token>', 'a live token of --user, as "user token" prints it')
    .option('--metrics-token <text>', 'METRICS_TOKEN of the server')
    .option('--texts', 'codes and notices may go to made-up numbers: where nobody but an outbox sends them')
    .option('--as-proxy', 'TRUST_PROXY of the server names this machine')
    .option('--remote', 'the server is your own although it runs on another machine')
    .addHelpText('after', `\nDrills:\n${list.join('\n')}`)
    .action(runDrills)
  addExample(addJsonOption(command), 'drill recut --url http://127.0.0.1:8080 --app web --secret -')
}

async function runDrills(name: string, options: DrillOptions): Promise<void> {
  const chosen = name === 'all' ? drills : drills.filter((drill) => drill.name === name)
  if (chosen.length === 0) throw new UsageError(`there is no drill ${name}; "drill --help" lists them`)
  checkAddress(options)
  const secret = options.secret === '-' ? await readSecret('Secret') : options.secret
  const target = createTarget(settingsOf({ ...options, secret }))
  const results = []
  for (const drill of chosen) {
    await answered(drill, () => requireKey(target))
    const findings = await answered(drill, () => drill.attack(target))
    results.push(...findings.map((finding) => ({ drill: drill.name, ...finding })))
  }
  if (results.some(({ outcome }) => outcome === 'broken')) process.exitCode = 1
  if (options.json) return printJson(results)
  printLines(results.map(lineOf))
}

function settingsOf(options: DrillOptions): DrillSettings {
  const { url, app, secret, scheme, user, victim, token, publicApp, publicSecret, metricsToken } = options
  const { account, password, number, texts = false, asProxy = false } = options
  const publicKey = publicApp && publicSecret ? { name: publicApp, secret: publicSecret } : undefined
  const login = account && password ? { account, password, ...defined({ number }) } : undefined
  const given = defined({ token, publicApp: publicKey, login, metricsToken })
  return { url, app, secret, scheme, user, victim, texts, asProxy, ...given }
}

/** An attack on a server is for its owner alone, so another machine's must be meant. */
function checkAddress({ url, remote }: DrillOptions): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !/^https?:$/.test(parsed.protocol))
    throw new UsageError('--url: such as http://127.0.0.1:8080')
  if (remote || /^(127(\.\d+){3}|localhost|\[::1\])$/.test(parsed.hostname)) return
  throw new UsageError(
    `--url: ${parsed.hostname} is not this machine; --remote says that the server is yours`,
  )
}

/** With a key that opens nothing every attack fails, and a server that holds nothing seems to hold. */
async function requireKey(target: Target): Promise<void> {
  if (await isKeyTaken(target)) return
  throw new CommandError(
    `the server refuses the key of ${target.app}: look at --secret and --scheme, and whether it may call ${keyProof}`,
  )
}

async function answered<T>(drill: Drill, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof CommandError) throw error
    const reason =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    throw new CommandError(`${drill.name}: the server did not answer: ${reason}`, { cause: error })
  }
}

function lineOf({ drill, outcome, promise, detail }: Finding & { drill: string }): string {
  return `${outcome.padEnd(7)}  ${drill}: ${promise}${detail === undefined ? '' : ` (${detail})`}`
}
