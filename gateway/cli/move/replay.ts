import type { Command } from 'commander'
import { readFileSync, writeFileSync } from 'node:fs'
import { createNoise } from '../../move/compare/noise.js'
import { replay } from '../../move/replay/replay.js'
import { findingLines, reportHead, reportRows, summaryLine } from '../../move/report/report-lines.js'
import { reportPage } from '../../move/report/report-page.js'
import { type ComparisonReport, createTally } from '../../move/report/tally.js'
import { matcherOf } from '../../move/compare/method-patterns.js'
import { listRecord } from '../../move/record/files.js'
import { openRecordKey } from '../../move/record/key.js'
import { addExample, readList } from '../command/options.js'
import { printLines, tableLines } from '../command/print.js'
import { collect, readJsonFile, readSecrets } from './comparison-options.js'
import { readNumberUpTo, readPercent, readServerUrl } from './option-values.js'

interface ReplayCommandOptions {
  readonly against: URL
  readonly key?: string
  readonly values?: string
  readonly appSecret?: readonly string[]
  readonly methods?: readonly string[]
  readonly concurrency: number
  readonly pace?: number
  readonly noise?: string
  readonly learn?: string
  readonly minScore?: number
  readonly json?: string
  readonly html?: string
}

/** Adds `move replay`: recorded calls made again, and the answers compared as clients read them. */
export function addReplayCommand(move: Command): void {
  const command = move
    .command('replay')
    .description('make recorded calls again at another server, and say in what its answers differ')
    .argument('<record>', 'the folder of a record, or one of its files')
    .requiredOption(
      '--against <url>',
      'the server that is asked; it must send no texts and mails',
      readServerUrl,
    )
    .option('--key <file>', "the record's key; RECORD.key if not given")
    .option(
      '--values <file>',
      'values that its database knows, one a line: ids, numbers, passwords of test users',
    )
    .option('--app-secret <name=text>', 'sign calls of this application anew; name=- asks for it', collect)
    .option('--methods <patterns>', 'these only, as web.passport.*', readList)
    .option(
      '--concurrency <number>',
      "calls at once; each user's stay in their order",
      readNumberUpTo(1000),
      8,
    )
    .option(
      '--pace <factor>',
      '1 for the recorded pace, 2 for twice as fast; as fast as it goes if absent',
      readNumberUpTo(1000),
    )
    .option('--learn <file>', 'write what differs as noise: of the old server against itself')
    .option('--noise <file>', 'leave out what was learned')
    .option('--min-score <percent>', 'end with 1 if fewer answers are equal', readPercent)
    .option('--json <file>', 'write the report as JSON')
    .option('--html <file>', 'write the report as one page')
    .action(runReplay)
  addExample(
    command,
    'move replay record --against http://127.0.0.1:8080 --app-secret h5=- --values values.txt --noise noise.json --html report.html',
  )
}

async function runReplay(record: string, options: ReplayCommandOptions): Promise<void> {
  const { against, concurrency, methods = [], pace, learn } = options
  const noise = createNoise(options.noise === undefined ? {} : readJsonFile(options.noise))
  const tally = createTally()
  await replay({
    files: listRecord(record),
    key: openRecordKey(options.key ?? `${record.replace(/\/+$/, '')}.key`, false),
    against,
    values: options.values === undefined ? [] : readLines(options.values),
    secrets: (await readSecrets(options.appSecret ?? [])).apps,
    wants: matcherOf(methods),
    concurrency: Math.max(1, Math.floor(concurrency)),
    pace,
    noise,
    learns: learn !== undefined,
    tally,
    progress: tellProgress,
  })
  const report = tally.report()
  if (learn !== undefined) writeFileSync(learn, `${JSON.stringify(noise, null, 2)}\n`)
  tell(record, report, options)
}

function tell(record: string, report: ComparisonReport, options: ReplayCommandOptions): void {
  const { against, json, html, minScore } = options
  const about = [`${record}, replayed against ${against.origin}`]
  if (json !== undefined)
    writeFileSync(json, `${JSON.stringify({ against: against.origin, ...report }, null, 2)}\n`)
  if (html !== undefined) writeFileSync(html, reportPage(report, { title: 'What differs', about }))
  printLines([
    ...tableLines(reportHead, reportRows(report)),
    '',
    ...findingLines(report),
    '',
    summaryLine(report),
  ])
  if (minScore !== undefined && report.score < minScore) process.exitCode = 1
}

/** On a terminal only, where it is overwritten by the next. */
function tellProgress(done: number, total: number): void {
  if (!process.stderr.isTTY || (done % 100 !== 0 && done !== total)) return
  process.stderr.write(`\r${done} of ${total} calls${done === total ? '\n' : ''}`)
}

function readLines(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
