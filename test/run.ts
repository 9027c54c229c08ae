import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'

// Runs mocha on the compiled tests: on all of them, or on those of the sources, folders and patterns that are named.
// Options are mocha's.

/**
 * Tests that race on a machine's processes, end them or drive a browser: each has servers of its own, which want most
 * of a core, so no more of them run at once than there are cores.
 */
const crowded = /^whole\/(browser|hostile|journeys|races)\//

/**
 * Tests of what happens within seconds, when servers are killed or nobody says anything for a while: they mostly wait,
 * and notice when they get no core at once, so no more of them run than there are cores.
 */
const patient = /^(whole\/failures|gateway\/http\/event-stream\.|gateway\/services\/live\/message-signals\.)/

/** Tests that measure time, memory or how much is served: nothing else may keep the machine busy meanwhile. */
const alone = new RegExp(
  [
    '^whole/(enumeration|failures/(failures|vendors)|hostile/(connections|growth))',
    '^gateway/services/(sign-in/password-forms|wechat/ways|wechat/messages/xml)\\.',
  ].join('|'),
)

/** The files that take longest, 144 to 15 seconds on two cores, in that order; measured, and only a hint. */
const longest = [
  'whole/hostile/generated',
  'whole/races/sign-in/registering',
  'whole/lists/lists',
  'whole/browser/console',
  'whole/statements/sizes',
  'gateway/services/live/message-signals',
  'db/migrations/migrate',
  'gateway/cli/apps/app',
  'gateway/services/sign-in/old-shop-tokens',
  'methods/front/account/userMessage/stream',
  'gateway/cli/drill/drills',
  'whole/clients/package',
  'whole/beside-a-shop/passwords',
  'whole/failures/adoption',
  'whole/races/sends',
  'whole/browser/messages',
  'gateway/http/event-stream',
  'whole/beside-a-shop/old-tokens',
  'whole/races/sign-in/resends',
  'whole/journeys/wechat-pc-scan',
  'whole/races/wechat',
  'whole/races/sign-in/replay',
  'gateway/cli/users/user',
  'wire/owner-checks',
  'whole/clients/php-transport',
  'gateway/cli/role',
  'whole/failures/sign-ins',
  'whole/failures/database-states',
]

/** Mocha's options with a value, which is no path. */
const valued = {
  fgrep: { type: 'string', short: 'f' },
  grep: { type: 'string', short: 'g' },
  jobs: { type: 'string', short: 'j' },
  reporter: { type: 'string', short: 'R' },
  'reporter-option': { type: 'string', short: 'O' },
  require: { type: 'string', short: 'r' },
  retries: { type: 'string' },
  slow: { type: 'string', short: 's' },
  timeout: { type: 'string', short: 't' },
} as const

interface Part {
  readonly exitCode: number
  /** Passed, failed and skipped, of the part's last line. */
  readonly figures: readonly number[]
}

/** Each process of tests has a MariaDB of its own. */
const mostJobs = 8

const compiled = join('dist', 'test')
const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js')

await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<void> {
  const { paths, options } = split(args)
  const parts = paths.length > 0 ? [await run(paths.map(compiledPattern), options)] : await runAll(options)
  const sums = [0, 1, 2].map((place) => parts.reduce((sum, { figures }) => sum + (figures[place] ?? 0), 0))
  if (parts.length > 1) console.log(`${sums[0]} passed, ${sums[1]} failed, ${sums[2]} skipped`)
  process.exitCode = Math.max(...parts.map(({ exitCode }) => exitCode))
}

function split(args: readonly string[]): { paths: string[]; options: string[] } {
  const settings = { options: valued, strict: false, allowPositionals: true, tokens: true } as const
  const { tokens } = parseArgs({ args: [...args], ...settings })
  const places = new Set(tokens.flatMap(({ kind, index }) => (kind === 'positional' ? [index] : [])))
  return {
    paths: args.filter((_, place) => places.has(place)),
    options: args.filter((argument, place) => !places.has(place) && argument !== '--'),
  }
}

/** Where the compiled tests of a source, folder or pattern are. */
function compiledPattern(path: string): string {
  const place = join(compiled, relative(resolve('test'), resolve(path.replace(/\.ts$/, '.js'))))
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() ? join(place, '**', '*.test.js') : place
}

/** Tests mostly wait, for servers and timers: twice as many processes as there are cores keep all of them busy. */
async function runAll(options: readonly string[]): Promise<Part[]> {
  // Not for a few named files: they make what they need.
  const { prepareRun } = await import('./servers/templates.js')
  await prepareRun()
  const names = readdirSync(compiled, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.test.js'),
  )
  const filesOf = (wanted: string) =>
    names
      .filter((name) => partOf(name) === wanted)
      .sort(byLengthOfWork)
      .map((name) => join(compiled, name))
  const cores = availableParallelism()
  return [
    await run(['--parallel', `--jobs=${Math.min(2 * cores, mostJobs)}`, ...filesOf('any')], options),
    await run(['--parallel', `--jobs=${cores}`, ...filesOf('crowded')], options),
    await run(['--parallel', `--jobs=${cores}`, ...filesOf('patient')], options),
    await run(filesOf('alone'), options),
  ]
}

function partOf(name: string): 'alone' | 'patient' | 'crowded' | 'any' {
  if (alone.test(name)) return 'alone'
  if (patient.test(name)) return 'patient'
  return crowded.test(name) ? 'crowded' : 'any'
}

/** Those that take longest go first, so that no process is left with one of them at the end. */
function byLengthOfWork(left: string, right: string): number {
  const placeOf = (name: string) => {
    const place = longest.indexOf(name.replace(/\.test\.js$/, ''))
    return place < 0 ? longest.length : place
  }
  return placeOf(left) - placeOf(right) || left.localeCompare(right)
}

/** Runs mocha and shows what it writes. Mocha does not see that it is shown on a terminal. */
async function run(files: readonly string[], options: readonly string[]): Promise<Part> {
  const colours = process.stdout.isTTY ? ['--color'] : []
  const child = spawn(process.execPath, [mocha, ...files, ...colours, ...options], {
    stdio: ['inherit', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  let last = ''
  for await (const line of createInterface({ input: child.stdout })) {
    console.log(line)
    last = line
  }
  await closed
  const figures = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(last)?.slice(1).map(Number)
  return { exitCode: figures === undefined ? 1 : (child.exitCode ?? 1), figures: figures ?? [] }
}
