import { type Command, InvalidArgumentError } from 'commander'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { loadConfig } from '../../../config/config.js'
import { limitStatements } from '../../../db/connect.js'
import { createNoise, type Noise } from '../../move/compare/noise.js'
import { readMoveState } from '../../move/state/move-state.js'
import { startStateServer } from '../../move/state/state-server.js'
import { startSwitchingProxy } from '../../move/switch/switching-proxy.js'
import { openRecordKey } from '../../move/record/key.js'
import { type Recorder, startRecorder } from '../../move/record/recorder.js'
import { systemClock } from '../../services/clock.js'
import { CommandError } from '../command/error.js'
import { addExample } from '../command/options.js'
import { printLines } from '../command/print.js'
import { withConnection } from '../command/session.js'
import { readListenAddress, readNumberUpTo, readPercent, readServerUrl } from './option-values.js'
import { untilStopped } from './until-stopped.js'

/** Milliseconds in which the database answers, or is away. */
const databasePatience = 2000

interface ProxyCommandOptions {
  readonly upstream: URL
  readonly candidate: URL
  readonly listen: { readonly host: string; readonly port: number }
  readonly statusListen?: { readonly host: string; readonly port: number }
  readonly name?: string
  readonly backAt?: number
  readonly backAtDifference?: number
  readonly backAfter: number
  readonly compare: number
  readonly noise?: string
  readonly record?: string
  readonly forwardedFor: boolean
}

/** Adds `move proxy`: before both servers, it sends each call to the one that `move switch` has named. */
export function addProxyCommand(move: Command): void {
  const command = move
    .command('proxy')
    .description('stand before both servers, and send each call where "move switch" and "move back" say')
    .requiredOption('--upstream <url>', "the old server's address", readServerUrl)
    .requiredOption('--candidate <url>', "this server's address", readServerUrl)
    .option('--listen <address>', 'PORT or HOST:PORT', readListenAddress, { host: '127.0.0.1', port: 8090 })
    .option('--status-listen <address>', 'where a page shows the state, on loopback', readLoopback)
    .option('--name <name>', 'this proxy among others; HOST:PORT of --listen if not given')
    .option('--back-at <percent>', 'go back by itself when more of a method fail', readShare, 0.05)
    .option('--back-at-difference <percent>', 'go back when more answers of a read differ', readShare)
    .option(
      '--back-after <calls>',
      'so many calls, or comparisons, say something',
      readNumberUpTo(10_000),
      20,
    )
    .option('--compare <percent>', 'ask the old server too, for this share of the reads', readPercent, 0)
    .option('--noise <file>', 'differences that mean nothing, learned by "move replay --learn"')
    .option('--record <folder>', 'record too, as "move record" does; the key is FOLDER.key')
    .option('--no-forwarded-for', "do not tell the servers the caller's address by X-Forwarded-For")
    .action(runProxy)
  addExample(
    command,
    'move proxy --upstream http://10.0.0.5 --candidate http://10.0.0.6:8080 --listen 0.0.0.0:8090 --status-listen 8091 --back-at 2%',
  )
}

async function runProxy(options: ProxyCommandOptions): Promise<void> {
  const recorder = options.record === undefined ? undefined : await openRecorder(options.record)
  try {
    await passUntilStopped(options, recorder)
  } finally {
    await recorder?.close()
  }
}

async function passUntilStopped(options: ProxyCommandOptions, recorder: Recorder | undefined): Promise<void> {
  const { listen, upstream, candidate, statusListen } = options
  const { timeZone } = loadConfig(undefined, { makeKeys: false })
  await withConnection(async (db) => {
    limitStatements(db, databasePatience)
    const proxy = await startSwitchingProxy({
      ...listen,
      services: { db, clock: systemClock },
      old: upstream,
      new: candidate,
      node: options.name ?? `${hostname()}:${listen.port}`.slice(-100),
      bounds: {
        errors: options.backAt,
        differences: options.backAtDifference,
        least: Math.ceil(options.backAfter),
      },
      compare: { sample: options.compare / 100, noise: readNoise(options.noise) },
      ...(recorder && { observe: recorder.observe }),
      tellsAddress: options.forwardedFor,
      warn,
    })
    try {
      const state =
        statusListen &&
        (await startStateServer({
          ...statusListen,
          timeZone,
          read: () => readMoveState(db, systemClock.now()),
        }))
      const shown = state ? `; the state is on ${state.url}` : ''
      printLines([`sends calls of ${proxy.url} to ${upstream.origin} and ${candidate.origin}${shown}`])
      await untilStopped()
      await state?.close()
    } finally {
      await proxy.close()
    }
  })
}

const warn = (text: string) => void process.stderr.write(`${text}\n`)

/** As `move record` has it without options. */
function openRecorder(folder: string): Promise<Recorder> {
  return startRecorder({
    folder,
    key: openRecordKey(`${folder}.key`, true),
    rotateAt: 64 * 1024 * 1024,
    mostBytes: 2048 * 1024 * 1024,
    sample: 1,
    methods: [],
    failed: (reason) => warn(`recording has stopped, and calls pass on: ${reason}`),
  })
}

/** @throws CommandError for a file that is no JSON */
function readNoise(file: string | undefined): Noise {
  if (file === undefined) return createNoise()
  try {
    return createNoise(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    throw new CommandError(`${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

/** `5` or `5%` as 0.05. */
function readShare(text: string): number {
  return readPercent(text.replace(/ ?%$/, '')) / 100
}

function readLoopback(text: string): { host: string; port: number } {
  const address = readListenAddress(text)
  if (!/^(?:127\.[\d.]+|::1|localhost)$/.test(address.host))
    throw new InvalidArgumentError('It must be an address of loopback: the page asks nobody who looks at it.')
  return address
}
