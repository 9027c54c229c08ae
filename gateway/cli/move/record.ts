import type { Command } from 'commander'
import { join } from 'node:path'
import { startProxy } from '../../move/proxy/proxy.js'
import { openRecordKey } from '../../move/record/key.js'
import { startRecorder } from '../../move/record/recorder.js'
import { addExample, readList } from '../command/options.js'
import { printLines } from '../command/print.js'
import { readListenAddress, readNumberUpTo, readPercent, readServerUrl } from './option-values.js'
import { untilStopped } from './until-stopped.js'

interface RecordCommandOptions {
  readonly upstream: URL
  readonly listen: { readonly host: string; readonly port: number }
  readonly out: string
  readonly key?: string
  readonly methods?: readonly string[]
  readonly sample: number
  readonly rotate: number
  readonly limit: number
  readonly keepSignatures?: true
  readonly forwardedFor: boolean
}

const mebibyte = 1024 * 1024

/** Adds `move record`: a proxy before the old server that passes all on, and records beside it. */
export function addRecordCommand(move: Command): void {
  const command = move
    .command('record')
    .description(
      'stand before the old server, pass every call and answer on as they are, and record them without values of persons',
    )
    .requiredOption('--upstream <url>', "the old server's address", readServerUrl)
    .option('--listen <address>', 'PORT or HOST:PORT', readListenAddress, { host: '127.0.0.1', port: 8090 })
    .option('--out <folder>', 'where the record is written', 'record')
    .option(
      '--key <file>',
      'the secret that values are hidden under, made if absent; FOLDER.key if not given',
    )
    .option('--methods <patterns>', 'record these only, as web.passport.*', readList)
    .option('--sample <percent>', 'record this share of callers, all calls of each', readPercent, 100)
    .option('--rotate <MiB>', 'begin a new file after this size', readNumberUpTo(10_000), 64)
    .option(
      '--limit <MiB>',
      'size of the whole record; the oldest file goes first',
      readNumberUpTo(1_000_000),
      2048,
    )
    .option('--keep-signatures', "keep legacy signatures: who has an application's key can then guess values")
    .option('--no-forwarded-for', "do not tell the old server the caller's address by X-Forwarded-For")
    .action(record)
  addExample(
    command,
    'move record --upstream http://10.0.0.5 --listen 0.0.0.0:8090 --out /var/lib/move/record',
  )
}

async function record(options: RecordCommandOptions): Promise<void> {
  const { upstream, listen, out, methods = [], sample, rotate, limit } = options
  const keyFile = options.key ?? `${join(out)}.key`
  const warn = (text: string) => void process.stderr.write(`${text}\n`)
  const recorder = await startRecorder({
    folder: out,
    key: openRecordKey(keyFile, true),
    rotateAt: rotate * mebibyte,
    mostBytes: limit * mebibyte,
    sample: sample / 100,
    methods,
    keepSignatures: options.keepSignatures ?? false,
    failed: (reason) => warn(`recording has stopped, and calls pass on: ${reason}`),
  })
  try {
    const proxy = await startProxy({
      ...listen,
      upstream: () => upstream,
      observe: recorder.observe,
      tellsAddress: options.forwardedFor,
      warn,
    })
    printLines([
      `passes ${proxy.url} on to ${upstream.origin}, and records into ${out}; the key is ${keyFile}`,
    ])
    await untilStopped()
    await proxy.close()
  } finally {
    await recorder.close()
  }
  const { recorded, dropped } = recorder.figures
  printLines([`${recorded} calls recorded, ${dropped} left out, which could not be written in time`])
}
