import { setTimeout as sleep } from 'node:timers/promises'
import { runToEnd } from '../../test/servers/processes/process.js'
import type { SeenAnswer } from '../answers.js'
import { type Figure, median, summarise } from '../figure.js'
import { builtModule } from '../folders.js'
import { callInLanes } from '../paced-calls.js'
import type { Bench } from '../plan.js'

const loginsInFlight = 8

/** One login, each time of another user, and whether its answer is a success. */
export interface Login {
  readonly call: (number: number) => Promise<SeenAnswer>
  readonly isSuccess: (answer: SeenAnswer) => boolean
}

/** Logins in a number of lanes, until stopped; counts the successes. Throws at an answer that is none. */
export function startLogins({ call, isSuccess }: Login, lanes: number = loginsInFlight) {
  const state = { over: false, next: 0, done: 0 }
  const ended = callInLanes(
    lanes,
    async () => {
      const answer = await call(state.next++)
      if (!isSuccess(answer)) throw new Error(`a login was answered ${answer.body}`)
      state.done++
    },
    () => state.over,
  )
  return {
    count: () => state.done,
    async stop() {
      state.over = true
      await ended
    },
  }
}

/** How many logins a second there are, beside bare hashes in turns. */
export async function measureLoginRate(
  bench: Bench,
  figure: Pick<Figure, 'group' | 'title' | 'goal'>,
  login: Login,
): Promise<Figure> {
  const { starts, rounds, seconds } = bench.plan
  const rates: [number, number][] = []
  for (let turn = 1; turn <= starts * rounds; turn++) {
    bench.say(`${figure.title}, in turns: ${turn} of ${starts * rounds}`)
    const logins = startLogins(login)
    // A login is so much slower than another call that its code takes this long to be compiled.
    await sleep(turn === 1 ? bench.plan.warmSeconds * 3000 : 500)
    const before = logins.count()
    const started = performance.now()
    await sleep(seconds * 1000)
    const ours = ((logins.count() - before) * 1000) / (performance.now() - started)
    await logins.stop()
    const args = [builtModule('bench/measures/hash-client'), String(seconds)]
    rates.push([ours, Number(await runToEnd({ command: process.execPath, args }))])
  }
  const ours = median(rates.map(([ours]) => ours))
  const bare = median(rates.map(([, bare]) => bare))
  return {
    ...figure,
    unit: '×',
    ...summarise(rates.map(([ours, bare]) => ours / bare)),
    detail: `${ours.toFixed(0)} / ${bare.toFixed(0)} a second`,
  }
}
