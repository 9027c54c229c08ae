import { transaction } from '../../../db/transaction.js'
import type { UsageLimitRow } from '../../../db/usage-limits.js'
import type { Origin } from '../../../gateway/contract/method.js'
import type { Services } from '../../../gateway/services/services.js'
import { limitKey } from '../../../gateway/services/limits/limit-key.js'
import { spendLimits, type UsageLimit } from './usage.js'

/** `sms:+8613912345678` or `mail:a@example.com`: a number or an e-mail address together with its channel. */
export type ChannelAddress = `sms:${string}` | `mail:${string}`

/** The parts of a call that decide how many messages it may send. */
export type Sender = Pick<Origin, 'app' | 'ip'>

type LimitServices = Pick<Services, 'config'>

export interface SendLimits {
  /** What counts even when the message could not be sent: the gap, and the caller's address. */
  readonly perTry: readonly UsageLimit[]
  /** What counts messages that went out: per number and hour, per number and day, and all of a day. */
  readonly perMessage: readonly UsageLimit[]
}

/** How much may be sent to an address, by a caller, and in all (account.md §7). */
export function sendLimits(services: LimitServices, address: ChannelAddress, sender: Sender): SendLimits {
  const { codes } = services.config
  const gap = { name: `gap:${address}`, points: 1, seconds: codes.gapSeconds }
  return {
    perTry: [...(codes.gapSeconds > 0 ? [gap] : []), ...senderLimits(services, sender)],
    perMessage: [
      { name: `hour:${address}`, points: codes.perNumberHour, seconds: 3600 },
      { name: `day:${address}`, points: codes.perNumberDay, seconds: 86_400 },
      dayBudget(services, address.startsWith('sms:') ? 'sms' : 'mail'),
    ],
  }
}

/** All messages of a channel in a day. */
function dayBudget({ config }: LimitServices, channel: 'sms' | 'mail'): UsageLimit {
  return { name: `day:${channel}`, points: config.codes.perDay, seconds: 86_400 }
}

/** Spends the day's budget when a queued message goes out. Throws TOO_MANY_REQUESTS: the queue tries again later. */
export async function spendDayBudget(services: Services, channel: 'sms' | 'mail'): Promise<void> {
  const limits = [dayBudget(services, channel)]
  const spent = await transaction(services, (services) => spendLimits(services, limits))
  noteBudget(services, spent)
}

/** What a caller's address may have sent in an hour, by whatever channel. */
export function senderLimits({ config }: LimitServices, { ip, app }: Sender): UsageLimit[] {
  // An application that is bound to its own addresses is a back end: they say nothing of its visitors.
  if (app && app.addresses.length > 0) return []
  const points = Math.max(1, Math.round(config.codes.perIpHour * config.ipLimitScale))
  return [{ name: `hour:ip:${limitKey(ip)}`, points, seconds: 3600 }]
}

/** Shows the operator how much of the day's messages is used, once a message has gone out that these were spent on. */
export function noteBudget({ sendBudget }: Services, spent: readonly UsageLimitRow[]): void {
  for (const channel of ['sms', 'mail'] as const) {
    const row = spent.find(({ name }) => name === `day:${channel}`)
    if (row) sendBudget.note(channel, row.used, row.resets_at)
  }
}
