import * as fc from 'fast-check'
import { drawHistory, type History } from './history.js'
import { type Played, play, type Stage } from './play.js'
import { shorten } from './shorten.js'

/** How much is played. */
export interface Extent {
  /** Calls after which no further history is begun. */
  readonly calls: number
  readonly seed: number
  /** That of a history which failed, to play it again. */
  readonly path?: string | undefined
  /** Of a hundred steps, how many kill a node; of a thousand, how many are a rest. */
  readonly kills: number
  readonly rests: number
  /** How often a history is tried while a shorter one is looked for, as one may need the same luck again. */
  readonly tries: number
  /** How long a shorter one is looked for (ms). */
  readonly longestShrinking: number
}

/** What was played so far. */
export interface Tally {
  readonly histories: number
  readonly calls: number
  readonly kills: number
  readonly unknown: number
}

/** What was played, and the shortest history that failed. */
export interface Findings extends Tally {
  readonly failure?: { readonly path: string; readonly shortest: Played }
}

const mostSteps = 40

/** Plays histories until one fails, and looks for the shortest that fails like it. Tells after each how far it is. */
export async function search(
  stage: Stage,
  extent: Extent,
  tell: (tally: Tally) => void = () => {},
): Promise<Findings> {
  const sums = { histories: 0, calls: 0, kills: 0, unknown: 0 }
  let shortest: Played | undefined
  let failedAt: number | undefined
  /** Whether it fails at one of some tries; it is the shortest then. */
  const fails = async (history: History, tries: number): Promise<boolean> => {
    for (let count = 0; count < tries; count++) {
      const played = await play(history, stage)
      sums.histories++
      sums.calls += played.calls
      sums.kills += played.kills
      sums.unknown += played.unknown
      tell(sums)
      if (played.problem === undefined) continue
      failedAt ??= Date.now()
      shortest = played
      return true
    }
    return false
  }
  const isLate = (share: number) =>
    failedAt !== undefined && Date.now() > failedAt + share * extent.longestShrinking
  const property = fc.asyncProperty(drawHistory(mostSteps, extent), async (history) => {
    if (failedAt === undefined && sums.calls >= extent.calls) return true
    if (isLate(0.5)) return true
    return !(await fails(history, failedAt === undefined && extent.path === undefined ? 1 : extent.tries))
  })
  const { seed, path } = extent
  const details = await fc.check(property, {
    seed,
    numRuns: extent.calls,
    ...(path !== undefined && { path }),
  })
  // One that is not a history's: a node that does not start, a mistake of ours.
  if (details.failed && !shortest) throw details.errorInstance
  if (details.counterexample)
    await shorten(details.counterexample[0], async (shorter) => !isLate(1) && fails(shorter, extent.tries))
  return shortest && details.counterexamplePath !== null
    ? { ...sums, failure: { path: details.counterexamplePath, shortest } }
    : sums
}

/** A failure for who reads the output of tests. */
export function explain(seed: number, { path, shortest }: NonNullable<Findings['failure']>): string {
  return [
    'no order of the calls explains this history:',
    ...shortest.lines.map((line, at) => `${String(at + 1).padStart(4)} ${line}`),
    `     ${shortest.problem ?? ''}`,
    `to play it again: HISTORY_SEED=${seed} HISTORY_PATH=${path} npm test -- test/whole/histories/histories.test.ts`,
  ].join('\n')
}
