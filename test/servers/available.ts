import { findProgram } from './processes/process.js'

/** A program some tests need and not every machine has. */
export type Program = 'mariadbd' | 'redis-server' | 'php' | 'nginx' | 'chromium'

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

/** Names to look for: one of each group is needed, the first group being the program itself. */
const FILES: Readonly<Record<Program, readonly (readonly string[])[]>> = {
  mariadbd: [['mariadbd'], ['mariadb-install-db']],
  'redis-server': [['redis-server']],
  php: [['php']],
  nginx: [['nginx']],
  chromium: [['chromium', 'chromium-browser', 'google-chrome']],
}

/** Keeps count of what was skipped for want of which program. */
export class Availability {
  readonly #rules: AvailabilityRules
  readonly #skipped = new Map<Program, { suites: number; tests: number }>()

  constructor(rules: AvailabilityRules) {
    this.#rules = rules
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
    if (this.#skipped.size === 0) return undefined
    const names = [...this.#skipped].map(([name, { suites, tests }]) => {
      const counts = [count(suites, 'suite'), count(tests, 'test')].filter((part) => part !== '')
      return `${name} (${counts.join(', ')})`
    })
    return `not installed, so skipped: ${names.join(', ')}`
  }

  #noteSkip(name: Program, runnable: SkippableRunnable): void {
    const counts = this.#skipped.get(name) ?? { suites: 0, tests: 0 }
    this.#skipped.set(name, counts)
    if (!isForSuite(runnable)) {
      counts.tests += 1
      return
    }
    counts.suites += 1
    // Otherwise mocha would still run the suite's `after` hooks, on what its `before` hooks did not make.
    if (runnable.parent !== undefined) runnable.parent.pending = true
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

const thisRun = new Availability({
  find: (name) => findProgram(name),
  mustHaveAll: () => process.env['CI'] === 'true',
})

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
