import type { Clock } from '../clock.js'
import type { Log } from '../telemetry/log.js'
import type { Channel, Metrics } from '../telemetry/metrics.js'

/** How much of the messages of a day is used: an alarm before CODE_PER_DAY stops everybody. */
export interface SendBudget {
  /**
   * What the database counted when a message was sent.
   *
   * @param used messages of the channel's current day, of the share of it that the message was spent from
   * @param resetsAt when that day ends, milliseconds since 1970
   * @param share the name of the share
   */
  note(channel: Channel, used: number, resetsAt: number, share?: string): void
}

/** The share from which on it is time to look why so much is sent. */
const alarmShare = 0.8

interface Day {
  /** What was seen last of each share. */
  readonly shares: Map<string, { readonly used: number; readonly resetsAt: number }>
  /** No second warning of a day that ends by then. */
  warnedUntil: number
}

/**
 * Shows `gateway_codes_of_day_ratio` by channel, as this process saw it last, and logs a warning once a day from 80 %
 * on. Asks the database for nothing: the numbers come with each message.
 */
export function createSendBudget({
  perDay,
  clock,
  log,
  metrics,
}: {
  readonly perDay: number
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}): SendBudget {
  const days = new Map<Channel, Day>()
  const gauge = {
    name: 'gateway_codes_of_day_ratio',
    help: 'Share of CODE_PER_DAY that is used',
    label: 'channel',
  }
  const usedOf = ({ shares }: Day) => {
    const live = [...shares.values()].filter(({ resetsAt }) => resetsAt > clock.now())
    return live.reduce((sum, { used }) => sum + used, 0)
  }
  metrics.watchEach(gauge, () => [...days].map(([channel, day]) => [channel, usedOf(day) / perDay] as const))
  return {
    note(channel, used, resetsAt, share = '') {
      const day = days.get(channel) ?? { shares: new Map(), warnedUntil: 0 }
      days.set(channel, day)
      day.shares.set(share, { used, resetsAt })
      const all = usedOf(day)
      if (all < perDay * alarmShare || resetsAt <= day.warnedUntil) return
      // All shares have begun by then; one that ends later has begun anew.
      day.warnedUntil = Math.max(...[...day.shares.values()].map((seen) => seen.resetsAt))
      log.warn(
        { count: all, detail: `${channel}: ${all} of ${perDay}` },
        `${alarmShare * 100} % of CODE_PER_DAY is used`,
      )
    },
  }
}
