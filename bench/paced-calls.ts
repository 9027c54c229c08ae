import type { Agent } from 'node:http'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { ask, type SeenAnswer } from './answers.js'
import { readCpuSeconds } from './contestant.js'
import type { Bench } from './plan.js'

export interface Pace {
  readonly perSecond: number
  readonly seconds: number
  /** Whether the answer of a call is right; that of the passport methods must be a success if absent. */
  readonly isRight?: (answer: SeenAnswer, at: number) => boolean
}

const isSuccess = ({ status, body }: SeenAnswer) => status === 200 && body.startsWith('{"code":200,')

/** Milliseconds from the time a call was due, so that a stalled server also answers for the calls it held up. */
export async function callAtPace(
  urlOf: (at: number) => string,
  agent: Agent,
  { perSecond, seconds, isRight = isSuccess }: Pace,
): Promise<number[]> {
  const started = performance.now()
  const calls: Promise<number>[] = []
  for (let at = 0; at < perSecond * seconds; at++) {
    const due = started + (at * 1000) / perSecond
    // Where this process is late, the answers that have come have their turn all the same.
    await (performance.now() < due ? sleep(due - performance.now()) : setImmediate())
    calls.push(timeSince(due, ask(urlOf(at), agent), (answer) => isRight(answer, at)))
  }
  return Promise.all(calls)
}

async function timeSince(
  due: number,
  call: Promise<SeenAnswer>,
  isRight: (answer: SeenAnswer) => boolean,
): Promise<number> {
  const answer = await call
  if (!isRight(answer)) throw new Error(`a paced call was answered ${answer.body}`)
  return performance.now() - due
}

/** Calls again and again in a number of lanes until told to stop; gives what was answered and when. */
export async function callInLanes(
  lanes: number,
  call: (lane: number) => Promise<void>,
  isOver: () => boolean,
): Promise<void> {
  const lane = async (number: number) => {
    while (!isOver()) await call(number)
  }
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)))
}

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
