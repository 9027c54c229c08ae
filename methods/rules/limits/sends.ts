import { type InTransaction, transaction } from '../../../db/transaction.js'
import { isRolledBack } from '../../../db/unavailable.js'
import type { UsageLimitRow } from '../../../db/usage-limits.js'
import type { Origin } from '../../../gateway/contract/method.js'
import { isError } from '../../../gateway/outcome/errors.js'
import { limitKey, networkKey } from '../../../gateway/services/limits/limit-key.js'
import type { Services } from '../../../gateway/services/services.js'
import { type ChannelAddress, channelOf } from './addresses.js'
import { shareIn, spendOfDay } from './day-budget.js'
import { isBackEnd, isFromOwner } from './networks.js'
import { giveBackLimits, refuseExhausted, spendLimits, type UsageLimit } from './usage.js'

/** The parts of a call that decide how many messages it may send. */
export type Sender = Pick<Origin, 'app' | 'ip' | 'session'>

/** What strangers can have sent to an address. Each has a budget of its own: one can't use up another's. */
export type SendPurpose = 'code' | 'recovery' | 'verification'

type LimitServices = Pick<Services, 'config'>

interface SendLimits {
  /** What counts even when the message could not be sent: the gap, and where the caller is. */
  readonly perTry: readonly UsageLimit[]
  /** What counts messages that went out: per address and hour, per address and day, and all of a day. */
  readonly perMessage: readonly UsageLimit[]
}

/** A message that may be sent now. */
export interface GrantedSend {
  /** After it went out: shows the operator how much of the day's messages is used. */
  confirm(): void
  /** After it could not be sent: counts it for the gap and the caller only. */
  giveBack(services: InTransaction<Services>): Promise<void>
}

interface WantedSend {
  readonly address: ChannelAddress
  readonly purpose: SendPurpose
  readonly sender: Sender
}

/**
 * Uses the limits of a message (account.md §7): how much may be sent to an address, by a caller and a network, and in
 * all; `store` writes in the same transaction. Whoever asks from a network of the owner's own sign-ins is held to what
 * goes to the address, and has the reserve of CODE_RESERVE. Throws TOO_MANY_REQUESTS, and UNAVAILABLE when a thousand
 * wait for one address.
 */
export async function grantSend(
  services: Services,
  { address, purpose, sender }: WantedSend,
  store: (services: InTransaction<Services>) => Promise<void> = async () => {},
): Promise<GrantedSend> {
  // One after the other within the process: calls for one address would hold all connections and wait for its rows.
  const grant = ({ perTry, perMessage }: SendLimits): Promise<GrantedSend> =>
    services.turns.take(`send:${address}`, async () => {
      const limits = [...perTry, ...perMessage]
      const spent = await transaction(services, async (services) => {
        const spent = await spendLimits(services, limits)
        await store(services)
        return spent
      }).catch(async (error: unknown) => {
        if (isRolledBack(error)) await refuseExhausted(services, limits)
        throw error
      })
      return grantOf(services, spent, perMessage)
    })
  const limits = sendLimits(services, address, purpose)
  const channel = channelOf(address)
  try {
    return await spendOfDay(services, { channel, whose: 'strangers' }, (share) =>
      grant(withShare(ofStranger(services, limits, { channel, sender }), share)),
    )
  } catch (error) {
    const isLimit = isError(error, 'TOO_MANY_REQUESTS')
    if (!isLimit || !(await isFromOwner(services, address, sender))) throw error
    return spendOfDay(services, { channel, whose: 'everybody' }, (share) => grant(withShare(limits, share)))
  }
}

/** A message whose limits have been used; `perMessage` are those that are given back when it can't be sent. */
export function grantOf(
  services: Services,
  spent: readonly UsageLimitRow[],
  perMessage: readonly UsageLimit[],
): GrantedSend {
  return {
    confirm: () => noteBudget(services, spent),
    giveBack: (services) => giveBackLimits(services, perMessage),
  }
}

/** How much may be sent to an address for a purpose, whoever asks. */
export function sendLimits(
  { config: { codes } }: LimitServices,
  address: ChannelAddress,
  purpose: SendPurpose,
): SendLimits {
  const key = purpose === 'code' ? address : `${purpose}:${address}`
  return {
    perTry: codes.gapSeconds > 0 ? [{ name: `gap:${key}`, points: 1, seconds: codes.gapSeconds }] : [],
    perMessage: [
      { name: `hour:${key}`, points: codes.perNumberHour, seconds: 3600 },
      { name: `day:${key}`, points: codes.perNumberDay, seconds: 86_400 },
    ],
  }
}

function ofStranger(
  services: LimitServices,
  { perTry, perMessage }: SendLimits,
  { channel, sender }: { readonly channel: 'sms' | 'mail'; readonly sender: Sender },
): SendLimits {
  return {
    perTry: [...perTry, ...senderLimits(services, sender)],
    perMessage: [...perMessage, ...networkShare(services, channel, sender)],
  }
}

function withShare({ perTry, perMessage }: SendLimits, share: UsageLimit): SendLimits {
  return { perTry, perMessage: [...perMessage, share] }
}

/** Spends the day's budget when a queued message goes out. Throws TOO_MANY_REQUESTS: the queue tries again later. */
export async function spendDayBudget(
  services: Services,
  channel: 'sms' | 'mail',
  whose: 'everybody' | 'strangers',
): Promise<void> {
  const spent = await spendOfDay(services, { channel, whose }, (share) =>
    transaction(services, (services) => spendLimits(services, [share])),
  )
  noteBudget(services, spent)
}

/** What a caller's address and network may have sent in an hour, by whatever channel. */
export function senderLimits({ config }: LimitServices, { ip, app }: Sender): UsageLimit[] {
  if (isBackEnd(app)) return []
  const { perIpHour, perNetworkHour } = config.codes
  return [
    { name: `hour:ip:${limitKey(ip)}`, points: scaled(config, perIpHour), seconds: 3600 },
    { name: `hour:net:${networkKey(ip)}`, points: scaled(config, perNetworkHour), seconds: 3600 },
  ]
}

/** What a network may use of a day's messages: never less than one address in an hour. */
function networkShare({ config }: LimitServices, channel: 'sms' | 'mail', { ip, app }: Sender): UsageLimit[] {
  if (isBackEnd(app)) return []
  const { perDay, networkShare, perIpHour } = config.codes
  const points = scaled(config, Math.max(perDay * networkShare, perIpHour))
  return [{ name: `day:net:${channel}:${networkKey(ip)}`, points, seconds: 86_400 }]
}

/** Limits per address and network are multiplied by LIMIT_IP_SCALE, never to nothing. */
export function scaled({ ipLimitScale }: Services['config'], points: number): number {
  return Math.max(1, Math.round(points * ipLimitScale))
}

/** Shows the operator how much of the day's messages is used, once a message has gone out that these were spent on. */
function noteBudget({ sendBudget }: Services, spent: readonly UsageLimitRow[]): void {
  for (const channel of ['sms', 'mail'] as const) {
    const row = shareIn(spent, channel)
    if (row) sendBudget.note(channel, row.used, row.resets_at, row.name)
  }
}
