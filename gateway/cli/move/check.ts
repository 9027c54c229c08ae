import { type Command, Option } from 'commander'
import { readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { checkServer, NoGatewayError, type ServerChecked } from '../../move/check/check-server.js'
import {
  checkHead,
  checkRows,
  checkSummary,
  failureLines,
  remainderLines,
} from '../../move/check/report/check-lines.js'
import { checkPage } from '../../move/check/report/check-page.js'
import { type KnownUser, readKnownUsers } from '../../move/check/throwaway-user.js'
import { matcherOf } from '../../move/compare/method-patterns.js'
import type { Signer } from '../../move/check/wire-call.js'
import { CommandError, UsageError } from '../command/error.js'
import { addExample, readList } from '../command/options.js'
import { printLines, tableLines } from '../command/print.js'
import { readSecret } from '../command/secret-input.js'
import { readNumberUpTo, readPercent, readServerUrl } from './option-values.js'

interface CheckCommandOptions {
  readonly app: string
  readonly secret?: string
  readonly secretFile?: string
  readonly scheme: Signer['scheme']
  readonly base?: string
  readonly users?: string
  readonly writes?: true
  readonly yes?: true
  readonly methods?: readonly string[]
  readonly zone: string
  readonly timeout: number
  readonly concurrency: number
  readonly pace?: number
  readonly patience: number
  readonly minScore?: number
  readonly json?: string
  readonly html?: string
}

/** Adds `move check`: what the wire pages demand, asked of any server. */
export function addCheckCommand(move: Command): void {
  const schemes = new Option('--scheme <scheme>', 'how the application signs').choices([
    'legacy',
    'hmac-sha256',
  ])
  const command = move
    .command('check')
    .description(
      'ask any server, the old one too, what the wire pages demand, and say what it answers otherwise',
    )
    .argument('<url>', 'the server, as http://10.0.0.5', readServerUrl)
    .requiredOption(
      '--app <name>',
      'the application in whose name calls are signed; granted all, of trust server',
    )
    .option('--secret <text>', 'its secret; "-" reads it from standard input')
    .option('--secret-file <file>', 'a file that holds the secret')
    .addOption(schemes.default('legacy'))
    .option('--base <path>', 'where the gateway is below the address')
    .option('--users <file>', 'users whose answers may be read, as JSON: [{"uid": 12345}]')
    .option('--writes', 'change things too: of the users in --users, or of one that is registered for it')
    .option('--yes', 'do not ask before --writes')
    .option('--methods <patterns>', 'these only, as web.passport.*', readList)
    .option('--zone <name>', 'the time zone of dates on the wire', 'Asia/Shanghai')
    .option('--timeout <seconds>', 'how long an answer may take', readNumberUpTo(600), 15)
    .option('--concurrency <number>', 'calls at once', readNumberUpTo(100), 4)
    .option('--pace <number>', 'calls a second at most', readNumberUpTo(10_000))
    .option(
      '--patience <seconds>',
      'how long one call waits where the server limits calls',
      readNumberUpTo(3600),
      90,
    )
    .option('--min-score <percent>', 'end with 1 if fewer checks pass', readPercent)
    .option('--json <file>', 'write the report as JSON')
    .option('--html <file>', 'write the report as one page')
    .action(runCheck)
  addExample(command, 'move check http://10.0.0.5 --app h5 --secret - --users users.json --html check.html')
}

async function runCheck(url: URL, options: CheckCommandOptions): Promise<void> {
  const { app, scheme, methods = [], zone, concurrency, pace } = options
  const users = options.users === undefined ? [] : readUsers(options.users)
  requireZone(zone)
  const secret = await secretOf(options)
  const server = new URL(url)
  if (options.base !== undefined) server.pathname = options.base
  if (options.writes) await confirmWrites(server, users, options.yes ?? false)
  const report = await checkServer({
    server,
    signer: { name: app, secret, scheme },
    users,
    writes: options.writes ?? false,
    wants: matcherOf(methods),
    timeZone: zone,
    concurrency: Math.max(1, Math.floor(concurrency)),
    pace,
    timeout: options.timeout * 1000,
    patience: options.patience * 1000,
    progress: tellProgress,
  }).catch((error: unknown) => {
    if (error instanceof NoGatewayError) throw new CommandError(error.message, { cause: error })
    throw error
  })
  tell(server, report, options)
}

function tell(
  server: URL,
  report: ServerChecked,
  { app, writes, json, html, minScore }: CheckCommandOptions,
): void {
  const mode = writes ? 'reads and writes' : 'reads only'
  const about = [`${server.origin}, asked as ${app}: ${mode}`]
  const head = { against: server.origin, app, writes: writes ?? false }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ...head, ...report }, null, 2)}\n`)
  if (html !== undefined) writeFileSync(html, checkPage(report, { title: 'What the wire wants', about }))
  printLines([
    ...tableLines(checkHead, checkRows(report)),
    '',
    ...failureLines(report),
    ...remainderLines(report),
    ...(report.waits > 0 ? [`waited ${report.waits} times, as the server limits calls`] : []),
    '',
    checkSummary(report),
  ])
  if (minScore !== undefined && report.score < minScore) process.exitCode = 1
}

/** @throws UsageError unless exactly one way was given, CommandError for an empty or unreadable secret */
async function secretOf({ app, secret, secretFile }: CheckCommandOptions): Promise<string> {
  if ((secret === undefined) === (secretFile === undefined))
    throw new UsageError('give either --secret, where "-" reads standard input, or --secret-file')
  const text = secretFile === undefined ? secret : readText(secretFile).trim()
  const read = text === '-' ? await readSecret(`Secret of ${app}`) : text
  if (read === undefined || read === '') throw new CommandError(`the secret of ${app} is empty`)
  return read
}

/** @throws CommandError for a file that can't be read or holds something else */
function readUsers(file: string): readonly KnownUser[] {
  const text = readText(file)
  try {
    return readKnownUsers(text)
  } catch (error) {
    throw new CommandError(`${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new CommandError(`${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

/** @throws UsageError for a name that no zone has */
function requireZone(name: string): void {
  try {
    Intl.DateTimeFormat('en', { timeZone: name })
  } catch {
    throw new UsageError(`--zone: there is no time zone ${name}`)
  }
}

/** @throws CommandError where nobody says yes */
async function confirmWrites(server: URL, users: readonly KnownUser[], isSaid: boolean): Promise<void> {
  const whose =
    users.length === 0
      ? 'A user is registered, if the server lets it, and stays.'
      : `Of ${users.length === 1 ? 'user' : 'users'} ${users.map(({ uid }) => uid).join(', ')} it signs in, guesses a wrong password, changes the profile and the password and puts them back.`
  const text = `--writes changes things at ${server.host}. ${whose} Addresses and invoices are added and removed, and calls are made that every server must refuse. No text and no mail is asked for.`
  process.stderr.write(`${text}\n`)
  if (isSaid) return
  if (!process.stdin.isTTY) throw new UsageError('--writes: say --yes, as nobody can be asked')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await lines.question(`Type ${server.host} to go on: `).finally(() => lines.close())
  if (answer.trim() !== server.host) throw new CommandError('that was another name, and nothing was asked')
}

/** On a terminal only, where it is overwritten by the next. */
function tellProgress(done: number): void {
  if (process.stderr.isTTY && done % 25 === 0) process.stderr.write(`\r${done} checks`)
}
