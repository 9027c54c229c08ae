import { beginSkipJournal, skippedPrograms } from './servers/available.js'
import { endRun } from './servers/processes/end-of-run.js'

/** How a line begins that tells what was wrong when all tests had run. */
export const afterTheLast = 'after the last test:'

let stats: Mocha.Stats | undefined

/** Called by mocha before the first test, with the run as `this`; the run keeps its figures up to date. */
export function mochaGlobalSetup(this: Mocha.Runner): void {
  // oxlint-disable-next-line oxc/no-this-in-exported-function -- mocha hands the run over in no other way
  stats = this.stats
  beginSkipJournal()
}

/**
 * Called by mocha after the last test and the reporter's own output: stops what suites shared and prints
 * what was skipped, then the figures of the run on the last line.
 */
export async function mochaGlobalTeardown(): Promise<void> {
  const problems = await endRun()
  for (const problem of problems) console.log(afterTheLast, problem)
  const skipped = skippedPrograms()
  if (skipped !== undefined) console.log(skipped)
  if (stats === undefined) throw new Error('mocha gave no figures of the run')
  // A failing hook is among mocha's failures.
  const failures = stats.failures + problems.length
  console.log(`${stats.passes} passed, ${failures} failed, ${stats.pending} skipped`)
  // Thrown from here, a problem would be printed after the last line; the exit code has to tell of it too.
  if (problems.length > 0) process.once('exit', failTheRun)
}

function failTheRun(): void {
  process.exitCode ||= 1
}
