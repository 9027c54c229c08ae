import { healthy, type Series } from './alarm-faults.js'

/** What Prometheus has scraped of one series, in the form of promtool: a value or `_` for each sample. */
interface ScrapedSeries {
  readonly series: string
  readonly values: string
}

/** An hour of a sample every ten seconds, and the last one. */
export const hourSamples = 361

/** Samples at which a node is restarted, which takes one sample's time, and until when its new key waits for the other's. */
const restarts: Readonly<Record<string, number>> = { 'node-1': 120, 'node-2': 129 }
const rotated = 148
const keyPlace = {
  series: 'gateway_key_place{job="passport-gateway",instance="node-1",variable="DATA_KEY"}',
  from: 0,
}

/** Of each kind, what happens once in so many samples on a day when all is well. */
const mishaps: readonly (readonly [name: RegExp, oneIn: number])[] = [
  [/_errors_total\{.*"UNAVAILABLE"/, 60],
  [/_errors_total\{.*"CONTENTION"/, 20],
  [/_faults_total\{.*"UNAVAILABLE"/, 60],
  [/_sends_total\{.*"failed"/, 30],
]

/** The most that a value which stands still when all is well goes up now and then. */
const swings: readonly (readonly [name: RegExp, most: number])[] = [
  [/^nodejs_eventloop_lag/, 0.1],
  [/_database_connections\{.*"used"/, 8],
  [/_hashes_waiting/, 6],
  [/_database_lag_seconds/, 3],
  [/_deliveries_overdue_seconds/, 5],
]

/**
 * Two nodes for an hour on which nothing is wrong: calls of a third more and less, some of them refused, a few that fail, and
 * a restart of one node after the other. The same seed makes the same hour.
 */
export function ordinaryHour(seed: number): readonly ScrapedSeries[] {
  const random = createRandom(seed)
  return Object.keys(restarts).flatMap((node) => {
    const loads = Array.from({ length: hourSamples }, () => 0.67 + 0.66 * random())
    return [...healthy, keyPlace].map(({ series, from, step = 0 }: Series) => {
      const oneIn = mishaps.find(([name]) => name.test(series))?.[1]
      const most = swings.find(([name]) => name.test(series))?.[1] ?? 0
      let sum = from
      const values = loads.map((load, at) => {
        const restarted = restarts[node] ?? 0
        if (at === restarted) {
          // Of what a process has counted nothing is left, and nobody answers.
          if (step > 0 || oneIn !== undefined) sum = 0
          return series.startsWith('up{') ? '0' : '_'
        }
        if (series.startsWith('process_start_time'))
          return String(at > restarted ? from + 10 * restarted : from)
        if (series.startsWith('gateway_key_place')) return at > restarted && at < rotated ? '1' : '0'
        if (step > 0) sum += Math.round(step * load)
        else if (oneIn !== undefined) sum += random() * oneIn < 1 ? 1 : 0
        return String(sum + (random() < 0.2 ? most * random() : 0))
      })
      return { series: series.replace('node-1', node), values: values.join(' ') }
    })
  })
}

/** Numbers from 0 to 1, by the generator of Park and Miller. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
