import type { Knex } from 'knex'
import { addUsage, listUsage } from '../../../db/usage-limits.js'
import type { Clock } from '../clock.js'
import { describeError, type Log } from '../telemetry/log.js'
import type { Metrics } from '../telemetry/metrics.js'

/**
 * How many of the codes texted to a country are used. Where next to none are, somebody has texts sent to be paid for
 * them, or to cost the operator money.
 */
export interface CodeConversion {
  countSent(country: string): void
  /** Undefined, of a number that would not be texted today, is not counted. */
  countUsed(country: string | undefined): void
  /** Whether codes are not texted to a country for now, but to who is known. */
  isStopped(country: string): boolean
  /** Adds what this process counted to the sums of all, and reads these. */
  exchange(): Promise<void>
  /** No longer by itself. */
  close(): void
}

/** Codes of the last six hours are looked at, in steps of ten minutes; of the current step not all have come to use. */
const stepMilliseconds = 600_000
const steps = 36
/** Fewer codes than these say nothing. */
const leastSent = 50
const exchangeMilliseconds = 10_000
const prefix = 'conversion:'

interface Sums {
  readonly sent: number
  readonly used: number
}

/**
 * Counts in memory and exchanges the sums every ten seconds, so that no message waits for a row that all of a country
 * share. `least` is the share of used codes, 0 to 1, below which a country is stopped; 0 for never.
 */
export function createCodeConversion({
  db,
  clock,
  log,
  metrics,
  least,
}: {
  readonly db: Knex
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly least: number
}): CodeConversion {
  let counted = new Map<string, number>()
  let sums = new Map<string, Sums>()
  let stopped = new Set<string>()
  const add = (kind: keyof Sums, country: string) => {
    const name = `${prefix}${kind}:${country}:${stepOf(clock.now())}`
    counted.set(name, (counted.get(name) ?? 0) + 1)
    metrics.countCodeOfCountry(country, kind)
  }
  const judge = () => {
    const isLow = ([, { sent, used }]: readonly [string, Sums]) => sent >= leastSent && used < sent * least
    const low = [...sums].filter(isLow)
    for (const [country, { sent, used }] of low)
      if (!stopped.has(country))
        log.warn(
          { detail: `${country}: ${used} of ${sent}` },
          'next to no code texted to this country is used: only known users are texted there for now',
        )
    stopped = new Set(low.map(([country]) => country))
  }
  const exchange = async () => {
    const own = counted
    counted = new Map()
    const now = clock.now()
    await addUsage(
      db,
      [...own].map(([name, used]) => ({ name, used, resets_at: now + (steps + 1) * stepMilliseconds })),
    )
    sums = sumUp(await listUsage(db, prefix), stepOf(now))
    judge()
  }
  const timer = setInterval(() => {
    exchange().catch((error: unknown) =>
      log.warn({ reason: String(describeError(error)['code']) }, 'used codes could not be counted'),
    )
  }, exchangeMilliseconds)
  timer.unref()
  const gauge = {
    name: 'gateway_sms_conversion_ratio',
    help: 'Share of texted codes that are used',
    label: 'country',
  }
  metrics.watchEach(gauge, () =>
    [...sums].filter(([, { sent }]) => sent > 0).map(([country, { sent, used }]) => [country, used / sent]),
  )
  return {
    countSent: (country) => add('sent', country),
    countUsed: (country) => country !== undefined && add('used', country),
    isStopped: (country) => stopped.has(country),
    exchange,
    close: () => clearInterval(timer),
  }
}

function stepOf(now: number): number {
  return Math.floor(now / stepMilliseconds)
}

/** By country: what was sent in the steps before the current one, and all that was used. */
function sumUp(rows: readonly { name: string; used: number }[], current: number): Map<string, Sums> {
  const sums = new Map<string, Sums>()
  for (const { name, used: count } of rows) {
    const [kind, country = '', step] = name.slice(prefix.length).split(':')
    const age = current - Number(step)
    if (age < 0 || age >= steps || (kind === 'sent' && age === 0)) continue
    const { sent, used } = sums.get(country) ?? { sent: 0, used: 0 }
    sums.set(country, kind === 'sent' ? { sent: sent + count, used } : { sent, used: used + count })
  }
  return sums
}
