import { type InTransaction, transaction } from '../../../db/transaction.js'
import { isRolledBack } from '../../../db/unavailable.js'
import type { UsageLimitRow } from '../../../db/usage-limits.js'
import { isError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { type ChannelAddress, channelOf } from './addresses.js'
import { type DayBudget, shareIn, spendOfDay } from './day-budget.js'
import { inNetworkTurn, isFromOwner } from './networks.js'
import {
  ofStranger,
  type Sender,
  type SendLimits,
  sendLimits,
  type SendPurpose,
  withShare,
} from './send-limits.js'
import { giveBackLimits, spendLimits, type UsageLimit } from './usage.js'
import { noteFull, refuseExhausted, refuseKnownFull } from './full-limits.js'

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
 * goes to the address, and has the reserve of CODE_RESERVE. Throws TOO_MANY_REQUESTS, and CONTENTION when a thousand
 * wait for one address or in one network.
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
      const spent = await spendFree(services, limits, store)
      return grantOf(services, spent, perMessage)
    })
  const limits = sendLimits(services, address, purpose)
  const channel = channelOf(address)
  try {
    return await inNetworkTurn(services, sender, () =>
      spendOfDay(services, { channel, whose: 'strangers' }, (share) =>
        grant(withShare(ofStranger(services, limits, { channel, sender }), share)),
      ),
    )
  } catch (error) {
    const isLimit = isError(error, 'TOO_MANY_REQUESTS')
    if (!isLimit || !(await isFromOwner(services, address, sender))) throw error
    return spendOfDay(services, { channel, whose: 'everybody' }, (share) => grant(withShare(limits, share)))
  }
}

/**
 * Uses each limit once, and `store` writes in the same transaction. Whoever is refused is so by a plain read, but for the
 * first time on this node: that one locks rows until it has rolled back.
 */
async function spendFree(
  services: Services,
  limits: readonly UsageLimit[],
  store: (services: InTransaction<Services>) => Promise<void> = async () => {},
): Promise<readonly UsageLimitRow[]> {
  await refuseKnownFull(services, limits)
  try {
    const spent = await transaction(services, async (services) => {
      const spent = await spendLimits(services, limits)
      await store(services)
      return spent
    })
    noteFull(services, limits, spent)
    return spent
  } catch (error) {
    if (isRolledBack(error) || isError(error, 'TOO_MANY_REQUESTS')) await refuseExhausted(services, limits)
    throw error
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

/** Spends the day's budget when a queued message goes out. Throws TOO_MANY_REQUESTS: the queue tries again later. */
export async function spendDayBudget(services: Services, budget: DayBudget): Promise<void> {
  const spent = await spendOfDay(services, budget, (share) => spendFree(services, [share]))
  noteBudget(services, spent)
}

/** Shows the operator how much of the day's messages is used, once a message has gone out that these were spent on. */
function noteBudget({ sendBudget }: Services, spent: readonly UsageLimitRow[]): void {
  for (const channel of ['sms', 'mail'] as const) {
    const row = shareIn(spent, channel)
    if (row) sendBudget.note(channel, row.used, row.resets_at, row.name)
  }
}
