import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { makePrivateFolder } from './processes/leftovers.js'
import { findProgram } from './processes/process.js'

/** A program some tests need and not every machine has. */
export type Program =
  | 'mariadbd'
  | 'galera-4'
  | 'haproxy'
  | 'redis-server'
  | 'redis-sentinel'
  | 'php'
  | 'nginx'
  | 'chromium'
  | 'curl'
  | 'openssl'
  | 'buildah'
  | 'debootstrap'
  | 'systemd-analyze'
  | 'mariadb-backup'
  | 'promtool'
  | 'prometheus'

/** What is needed of mocha's test or hook. */
export type SkippableRunnable = {
  readonly title: string
  readonly type?: string
  readonly parent?: { pending: boolean } | undefined
}

/** What is needed of mocha's `this` in a test or a hook. */
export type SkippableContext = { skip(): never; runnable(): SkippableRunnable }

/** How programs are looked for, and what a missing one means. */
export type AvailabilityRules = {
  find(name: string): string | undefined
  /** Whether a missing program is a failure instead of a reason to skip. */
  mustHaveAll(): boolean
}

/** What was skipped so far. */
type SkipJournal = { add(skip: Skip): void; read(): readonly Skip[] }
type Skip = { readonly name: Program; readonly what: 'suite' | 'test' }

/** Names to look for: one of each group is needed, the first group being the program itself. */
const FILES: Readonly<Record<Program, readonly (readonly string[])[]>> = {
  mariadbd: [['mariadbd'], ['mariadb-install-db']],
  // A library in a folder beside those of programs, and what copies a node's data.
  'galera-4': [['../lib/galera/libgalera_smm.so'], ['rsync'], ['lsof', 'ss']],
  haproxy: [['haproxy']],
  'redis-server': [['redis-server']],
  'redis-sentinel': [['redis-sentinel']],
  php: [['php']],
  nginx: [['nginx']],
  'mariadb-backup': [['mariadb-backup']],
  curl: [['curl']],
  openssl: [['openssl']],
  buildah: [['buildah']],
  debootstrap: [['debootstrap']],
  'systemd-analyze': [['systemd-analyze']],
  promtool: [['promtool']],
  prometheus: [['prometheus']],
  chromium: [['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome']],
}

/** Keeps count of what was skipped for want of which program. */
export class Availability {
  readonly #rules: AvailabilityRules
  readonly #journal: SkipJournal

  constructor(rules: AvailabilityRules, journal: SkipJournal = journalInMemory()) {
    this.#rules = rules
    this.#journal = journal
  }

  /** The program's path; when it is missing, skips the suite or test, or fails it where all must be there. */
  require(context: SkippableContext, name: Program): string {
    const paths = FILES[name].map((group) => this.#findOneOf(group))
    const [path] = paths
    if (path !== undefined && !paths.includes(undefined)) return path
    if (this.#rules.mustHaveAll())
      throw new Error(`${name} is not installed, and with CI=true that is a failure`)
    this.#noteSkip(name, context.runnable())
    return context.skip()
  }

  /** The line naming what was skipped, or nothing if that is nothing. */
  summary(): string | undefined {
    const skips = this.#journal.read()
    if (skips.length === 0) return undefined
    const names = [...new Set(skips.map(({ name }) => name))].map((missing) => {
      const own = skips.filter(({ name }) => name === missing)
      const number = (kind: Skip['what']) => own.filter(({ what }) => what === kind).length
      const counts = [count(number('suite'), 'suite'), count(number('test'), 'test')]
      return `${missing} (${counts.filter((part) => part !== '').join(', ')})`
    })
    return `not installed, so skipped: ${names.join(', ')}`
  }

  #noteSkip(name: Program, runnable: SkippableRunnable): void {
    const isWhole = isForSuite(runnable)
    this.#journal.add({ name, what: isWhole ? 'suite' : 'test' })
    // Otherwise mocha would still run the suite's `after` hooks, on what its `before` hooks did not make.
    if (isWhole && runnable.parent !== undefined) runnable.parent.pending = true
  }

  #findOneOf(names: readonly string[]): string | undefined {
    for (const name of names) {
      const path = this.#rules.find(name)
      if (path !== undefined) return path
    }
    return undefined
  }
}

/** A `before` hook is called for its whole suite, a `beforeEach` hook or a test for one test. */
function isForSuite({ type, title }: SkippableRunnable): boolean {
  return type === 'hook' && !title.startsWith('"before each"')
}

function count(number: number, noun: string): string {
  if (number === 0) return ''
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function journalInMemory(): SkipJournal {
  const skips: Skip[] = []
  return { add: (skip) => skips.push(skip), read: () => skips }
}

const journalVariable = 'TEST_SKIP_JOURNAL'

/** A file, as a run may have several processes: the first names it, the others inherit the name. */
function journalOfRun(): SkipJournal {
  const file = () => process.env[journalVariable] ?? ''
  return {
    add: (skip) => appendFileSync(file(), `${JSON.stringify(skip)}\n`),
    read: () =>
      existsSync(file())
        ? readFileSync(file(), 'utf8')
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line) as Skip)
        : [],
  }
}

const thisRun = new Availability(
  {
    find: (name) => findProgram(name),
    mustHaveAll: () => process.env['CI'] === 'true',
  },
  journalOfRun(),
)

/** Begins the count of a run, before its other processes start. */
export function beginSkipJournal(): void {
  process.env[journalVariable] = join(makePrivateFolder('run'), 'skips')
}

/**
 * The path of a program that a suite (called in a `before` hook) or a test needs. When it is not installed,
 * skips the caller and notes that for the end of the run; with CI=true it fails instead.
 */
export function requireProgram(context: SkippableContext, name: Program): string {
  return thisRun.require(context, name)
}

/** The line for the end of the run that names what was skipped, if anything was. */
export function skippedPrograms(): string | undefined {
  return thisRun.summary()
}
