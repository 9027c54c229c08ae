import { transaction } from '../../../db/transaction.js'
import type { UsageLimitRow } from '../../../db/usage-limits.js'
import type { Services } from '../../../gateway/services/services.js'
import { type ChannelAddress, channelOf } from './addresses.js'
import { spendOfDay } from './day-budget.js'
import { lockLimits } from './locked-usage.js'
import { type GrantedSend, grantOf } from './sends.js'
import { spendLimits, type UsageLimit } from './usage.js'

/**
 * Uses the budget of telling an address of one kind of change: whoever changes a password a hundred times texts its
 * owner NOTICE_PER_HOUR times. Undefined once it has been told often enough: what it would be told it knows. Throws
 * TOO_MANY_REQUESTS when the day's messages of all are used up: the queue tries again later.
 */
export async function grantNotice(
  services: Services,
  address: ChannelAddress,
  kind: string,
): Promise<GrantedSend | undefined> {
  const { perHour, perDay } = services.config.notices
  const ofAddress = [
    { name: `hour:${kind}:${address}`, points: perHour, seconds: 3600 },
    { name: `day:${kind}:${address}`, points: perDay, seconds: 86_400 },
  ]
  const channel = channelOf(address)
  const granted = await spendOfDay(services, { channel, whose: 'everybody' }, async (share) => {
    const spent = await spendFor(services, ofAddress, share)
    return spent && grantOf(services, spent, [...ofAddress, share])
  })
  if (granted === undefined) services.metrics.countSparedNotice(channel)
  return granted
}

/** Undefined where the address has been told often enough; then nothing is spent. */
function spendFor(
  services: Services,
  ofAddress: readonly UsageLimit[],
  share: UsageLimit,
): Promise<readonly UsageLimitRow[] | undefined> {
  return transaction(services, async (services) => {
    const usage = await lockLimits(services, ofAddress)
    if (usage.exhausted) return undefined
    const spent = await spendLimits(services, [share])
    await usage.spend()
    return spent
  })
}
