import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs, stripVTControlCharacters } from 'node:util'
import { afterTheLast } from './setup.js'
import { byLengthOfWork, jobsOn, partOf } from './parts.js'

// Runs mocha on the compiled tests: on all of them, or on those of the sources, folders and patterns that are named.
// Options are mocha's.

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

interface Outcome {
  readonly exitCode: number
  /** Passed, failed and skipped, of the part's last line. */
  readonly figures: readonly number[]
  /** What mocha wrote of the tests that failed, and what was wrong after the last. */
  readonly failures: readonly string[]
}

const compiled = join('dist', 'test')
const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js')

await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<void> {
  const { paths, options } = split(args)
  const parts = paths.length > 0 ? [await run(paths.map(compiledPattern), options)] : await runAll(options)
  const sums = [0, 1, 2].map((place) => parts.reduce((sum, { figures }) => sum + (figures[place] ?? 0), 0))
  if (parts.length > 1) {
    // Once more: who is shown only the end of a long run sees what failed.
    for (const line of parts.flatMap(({ failures }) => failures)) console.log(line)
    console.log(`${sums[0]} passed, ${sums[1]} failed, ${sums[2]} skipped`)
  }
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

/** One part after the other: what shares the cores with too much else is told that a server is slow, and fails. */
async function runAll(options: readonly string[]): Promise<Outcome[]> {
  // Not for a few named files: they make what they need.
  const { prepareRun } = await import('./servers/templates.js')
  await prepareRun()
  const names = readdirSync(compiled, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.test.js'),
  )
  const outcomes: Outcome[] = []
  for (const [part, jobs] of jobsOn(availableParallelism())) {
    const own = names.filter((name) => partOf(name) === part).sort(byLengthOfWork)
    const files = own.map((name) => join(compiled, name))
    outcomes.push(await run(jobs > 1 ? ['--parallel', `--jobs=${jobs}`, ...files] : files, options))
  }
  return outcomes
}

/** Runs mocha and shows what it writes. Mocha does not see that it is shown on a terminal. */
async function run(files: readonly string[], options: readonly string[]): Promise<Outcome> {
  const colours = process.stdout.isTTY ? ['--color'] : []
  const child = spawn(process.execPath, [mocha, ...files, ...colours, ...options], {
    stdio: ['inherit', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  const failures: string[] = []
  let last = ''
  for await (const line of createInterface({ input: child.stdout })) {
    console.log(line)
    if (
      failures.length > 0 ||
      /^ +\d+ failing$/.test(stripVTControlCharacters(line)) ||
      line.startsWith(afterTheLast)
    )
      failures.push(line)
    last = line
  }
  await closed
  const figures = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(last)?.slice(1).map(Number)
  const exitCode = figures === undefined ? 1 : (child.exitCode ?? 1)
  return { exitCode, figures: figures ?? [], failures }
}
