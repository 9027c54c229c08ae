import { readCpuSeconds } from './contestant.js'
import { callInLanes } from './paced-calls.js'
import type { Bench } from './plan.js'

/** How many calls of a round are under way at any moment. */
export const callsAtOnce = 64

/** What was seen in some seconds of calls. */
export interface Round {
  readonly perSecond: number
  /** How long each call took. */
  readonly milliseconds: readonly number[]
  /** What each group of processes has used meanwhile. */
  readonly cpuSeconds: readonly number[]
}

/** Rounds of calls, `callsAtOnce` at a time; the first one warms, and its calls are told so. */
export async function measureRounds(
  { plan }: Bench,
  call: (lane: number, isWarming: boolean) => Promise<void>,
  groups: readonly (readonly number[])[] = [],
): Promise<Round[]> {
  const rounds: Round[] = []
  for (let round = 0; round <= plan.rounds; round++) {
    const isWarming = round === 0
    const milliseconds: number[] = []
    const before = groups.map(readCpuSeconds)
    const end = performance.now() + 1000 * (isWarming ? plan.warmSeconds : plan.seconds)
    await callInLanes(
      callsAtOnce,
      async (lane) => {
        const began = performance.now()
        await call(lane, isWarming)
        milliseconds.push(performance.now() - began)
      },
      () => performance.now() > end,
    )
    const cpuSeconds = groups.map((pids, at) => readCpuSeconds(pids) - (before[at] ?? 0))
    if (!isWarming) rounds.push({ perSecond: milliseconds.length / plan.seconds, milliseconds, cpuSeconds })
  }
  return rounds
}
