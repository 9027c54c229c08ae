import type { Registry } from 'prom-client'
import { DurationTally } from '../../../db/duration-tally.js'
import type { ErrorName } from '../../outcome/catalogue.js'
import { durationSamples, type Sample, showSamples } from './samples.js'

/** Upper bounds of the histogram's buckets, in seconds. */
const bounds = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 1, 5]

/** What is counted of one method. */
class MethodTally {
  readonly answers = new Map<number, number>()
  /** By HTTP status and key, as in `503 UNAVAILABLE`. */
  readonly errors = new Map<string, number>()
  readonly durations = new DurationTally(bounds)
}

/** Answered calls: by method and code, those answered with an error by its key and status, and how long they took. */
export interface CallMetrics {
  count(method: string, code: number, seconds: number): void
  countError(method: string, error: string, status: number): void
}

/** Errors of the catalogue that are no caller's fault: something does not work. */
const faults: readonly ErrorName[] = [
  'UNAVAILABLE',
  'SERVICE_ERROR',
  'CRASH',
  'SEND_FAILED',
  'MAIL_FAILED',
  'WECHAT_FAILED',
]

/**
 * Counts by itself and shows prom-client the sums when Prometheus asks: its own counters sort and join the labels at
 * each call, which costs more than most calls do.
 */
export function registerCallMetrics(registry: Registry): CallMetrics {
  const tallies = new Map<string, MethodTally>()
  const tallyOf = (method: string): MethodTally => {
    let tally = tallies.get(method)
    if (!tally) tallies.set(method, (tally = new MethodTally()))
    return tally
  }
  const each = (list: (method: string, tally: MethodTally) => Sample[]) => () =>
    [...tallies].flatMap(([method, tally]) => list(method, tally))
  const show = (name: string, help: string, type: 'counter' | 'histogram', read: () => Sample[]) =>
    showSamples(registry, { name, help, type }, read)
  show(
    'gateway_calls_total',
    'Answered calls by method and code',
    'counter',
    each((method, { answers }) => [...answers].map(([code, value]) => ({ labels: { method, code }, value }))),
  )
  const seconds = 'gateway_call_seconds'
  show(
    seconds,
    'Time from the parsed request to the answer',
    'histogram',
    each((method, { durations }) => durationSamples(seconds, { method }, durations)),
  )
  show(
    'gateway_errors_total',
    "Calls answered with an error, by method, the error's key and the HTTP status",
    'counter',
    each((method, { errors }) => [...errors].map(([key, value]) => errorSample(method, key, value))),
  )
  show(
    'gateway_faults_total',
    "Calls answered with an error that is not the caller's, by its key",
    'counter',
    () => faultSamples(tallies.values()),
  )
  return {
    count(method, code, seconds) {
      const { answers, durations } = tallyOf(method)
      answers.set(code, (answers.get(code) ?? 0) + 1)
      durations.add(seconds)
    },
    countError(method, error, status) {
      const { errors } = tallyOf(method)
      const key = `${status} ${error}`
      errors.set(key, (errors.get(key) ?? 0) + 1)
    },
  }
}

function errorSample(method: string, key: string, value: number): Sample {
  const [status = '', error = ''] = key.split(' ')
  return { labels: { method, error, status }, value }
}

/** All of them from the start: a rate does not see the first of a series that begins with it. */
function faultSamples(tallies: Iterable<MethodTally>): Sample[] {
  const sums = new Map<string, number>(faults.map((error) => [error, 0]))
  for (const { errors } of tallies)
    for (const [key, value] of errors) {
      const [, error = ''] = key.split(' ')
      const sum = sums.get(error)
      if (sum !== undefined) sums.set(error, sum + value)
    }
  return [...sums].map(([error, value]) => ({ labels: { error }, value }))
}
