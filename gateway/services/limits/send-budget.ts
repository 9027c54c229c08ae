import type { Clock } from '../clock.js'
import type { Log } from '../telemetry/log.js'
import type { Channel, Metrics } from '../telemetry/metrics.js'

/** How much of the messages of a day is used: an alarm before CODE_PER_DAY stops everybody. */
export interface SendBudget {
  /**
   * What the database counted when a message was sent.
   *
   * @param used messages of the channel's current day
   * @param resetsAt when that day ends, milliseconds since 1970
   */
  note(channel: Channel, used: number, resetsAt: number): void
}

/** The share from which on it is time to look why so much is sent. */
const alarmShare = 0.8

interface Day {
  readonly share: number
  readonly resetsAt: number
  readonly isWarnedOf: boolean
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
  metrics.watchEach(gauge, () => {
    const now = clock.now()
    return [...days].map(([channel, { share, resetsAt }]) => [channel, resetsAt > now ? share : 0] as const)
  })
  return {
    note(channel, used, resetsAt) {
      const before = days.get(channel)
      const wasWarnedOf = before?.resetsAt === resetsAt && before.isWarnedOf
      const share = used / perDay
      const isWarnedOf = wasWarnedOf || share >= alarmShare
      days.set(channel, { share, resetsAt, isWarnedOf })
      if (isWarnedOf && !wasWarnedOf)
        log.warn(
          { count: used, detail: `${channel}: ${used} of ${perDay}` },
          `${alarmShare * 100} % of CODE_PER_DAY is used`,
        )
    },
  }
}
