import { type Command, Option } from 'commander'
import { writeFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { startProxy } from '../../move/proxy/proxy.js'
import { findingLines, reportHead, reportRows, summaryLine } from '../../move/report/report-lines.js'
import { reportPage } from '../../move/report/report-page.js'
import type { Writes } from '../../move/shadow/copy-settings.js'
import { type ShadowReport, startShadow } from '../../move/shadow/shadow.js'
import { shadowLines } from '../../move/shadow/shadow-lines.js'
import { addExample, readList } from '../command/options.js'
import { printLines, tableLines } from '../command/print.js'
import { collect, readJsonFile, readSecrets } from './comparison-options.js'
import { readListenAddress, readNumberUpTo, readPercent, readServerUrl } from './option-values.js'
import { untilStopped } from './until-stopped.js'

interface ShadowCommandOptions {
  readonly upstream: URL
  readonly candidate: URL
  readonly listen: { readonly host: string; readonly port: number }
  readonly writes: Writes
  readonly appSecret?: readonly string[]
  readonly outboxToken?: true
  readonly sharedTokens?: true
  readonly sendsNothing?: true
  readonly methods?: readonly string[]
  readonly sample: number
  readonly concurrency: number
  readonly patience: number
  readonly noise?: string
  readonly learn?: string
  readonly json?: string
  readonly html?: string
  readonly every: number
  readonly forwardedFor: boolean
}

/** Adds `move shadow`: a proxy before the old server that makes each call at another server too, and compares. */
export function addShadowCommand(move: Command): void {
  const command = move
    .command('shadow')
    .description(
      'stand before the old server, pass every call and answer on as they are, make each call at another server too, and say in what its answers differ',
    )
    .requiredOption('--upstream <url>', "the old server's address: it alone answers", readServerUrl)
    .requiredOption(
      '--candidate <url>',
      'the server that is asked too, on a copy of the database, with OUTSIDE=captured',
      readServerUrl,
    )
    .option('--listen <address>', 'PORT or HOST:PORT', readListenAddress, { host: '127.0.0.1', port: 8090 })
    .addOption(
      new Option(
        '--writes <what>',
        'calls that may change something: send them, have them only checked, or skip them',
      )
        .choices(['send', 'check', 'skip'])
        .default('send'),
    )
    .option('--app-secret <name=text>', 'sign changed calls of this application; name=- asks for it', collect)
    .option('--outbox-token', "ask for the candidate's OUTSIDE_TOKEN, where that is set")
    .option('--shared-tokens', 'the candidate reads tokens of the old server (SHOP_TOKEN_KEY)')
    .option(
      '--sends-nothing',
      'the candidate is no server of ours, such as a copy of the old one, and is known to reach nobody',
    )
    .option('--methods <patterns>', 'these only, as web.passport.*', readList)
    .option('--sample <percent>', 'this share of callers, all calls of each', readPercent, 100)
    .option(
      '--concurrency <number>',
      "calls at once; each user's stay in their order",
      readNumberUpTo(1000),
      8,
    )
    .option('--patience <seconds>', 'how long the candidate may take for an answer', readNumberUpTo(60), 5)
    .option('--learn <file>', 'write what differs as noise: of a copy of the old server')
    .option('--noise <file>', 'leave out what was learned')
    .option('--json <file>', 'write the report as JSON')
    .option('--html <file>', 'write the report as one page')
    .option(
      '--every <seconds>',
      'how often these are written, and once more at the end',
      readNumberUpTo(86_400),
      30,
    )
    .option('--no-forwarded-for', "do not tell the old server the caller's address by X-Forwarded-For")
    .action(shadow)
  addExample(
    command,
    'move shadow --upstream http://10.0.0.5 --candidate http://10.0.0.7:8080 --listen 0.0.0.0:8090 --noise noise.json --html report.html',
  )
}

async function shadow(options: ShadowCommandOptions): Promise<void> {
  const { upstream, candidate, listen, sample, methods = [], learn } = options
  const warn = (text: string) => void process.stderr.write(`${text}\n`)
  const { apps, others } = await readSecrets(options.appSecret ?? [], {
    questions: options.outboxToken ? ["The candidate's OUTSIDE_TOKEN"] : [],
  })
  const shadowing = await startShadow({
    candidateUrl: candidate.href,
    writes: options.writes,
    methods,
    sample: sample / 100,
    concurrency: Math.max(1, Math.floor(options.concurrency)),
    patience: options.patience * 1000,
    sendsNothing: options.sendsNothing ?? false,
    sharesTokens: options.sharedTokens ?? false,
    token: others[0],
    secrets: [...apps],
    noise: options.noise === undefined ? {} : readJsonFile(options.noise),
    learns: learn !== undefined,
    warn,
  })
  const proxy = await startProxy({
    ...listen,
    upstream: () => upstream,
    observe: shadowing.observe,
    tellsAddress: options.forwardedFor,
    warn,
  })
  printLines([`passes ${proxy.url} on to ${upstream.origin}, and asks ${candidate.origin} the same`])
  const stopWriting = writeRegularly(options, () => shadowing.report(), warn)
  await untilStopped()
  await proxy.close()
  await stopWriting()
  const report = await shadowing.close()
  await writeReport(report, options)
  if (learn !== undefined) writeFileSync(learn, `${JSON.stringify(shadowing.noise(), null, 2)}\n`)
  tell(report)
}

/** Writes the report every so often; the one that is under way is awaited at the end. */
function writeRegularly(
  options: ShadowCommandOptions,
  read: () => Promise<ShadowReport>,
  warn: (text: string) => void,
): () => Promise<void> {
  let writing = Promise.resolve()
  let obstacle: string | null = null
  const write = async () => {
    const report = await read()
    if (report.obstacle !== obstacle)
      warn(
        report.obstacle === null
          ? 'the candidate is asked'
          : `the candidate is not asked: ${report.obstacle}`,
      )
    obstacle = report.obstacle
    await writeReport(report, options)
  }
  const timer = setInterval(() => {
    writing = writing.then(write).catch((error: unknown) => {
      warn(`the report could not be written: ${error instanceof Error ? error.message : String(error)}`)
    })
  }, options.every * 1000)
  return () => {
    clearInterval(timer)
    return writing
  }
}

async function writeReport(report: ShadowReport, options: ShadowCommandOptions): Promise<void> {
  const { json, html, upstream, candidate } = options
  const about = [`${upstream.origin} answers, ${candidate.origin} is asked the same`, ...shadowLines(report)]
  if (json !== undefined)
    await replaceFile(json, `${JSON.stringify({ against: candidate.origin, ...report }, null, 2)}\n`)
  if (html !== undefined) await replaceFile(html, reportPage(report, { title: 'What differs', about }))
}

/** Whoever reads the file meanwhile sees the old one or the new one, whole. */
async function replaceFile(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text)
  await rename(`${file}.new`, file)
}

function tell(report: ShadowReport): void {
  printLines([
    ...tableLines(reportHead, reportRows(report)),
    '',
    ...findingLines(report),
    '',
    ...shadowLines(report),
    summaryLine(report),
  ])
}
