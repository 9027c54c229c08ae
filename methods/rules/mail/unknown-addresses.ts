import { transaction } from '../../../db/transaction.js'
import { isError } from '../../../gateway/outcome/errors.js'
import type { DeliveryPayloads, DeliveryTemplate } from '../../../gateway/services/delivery-queue.js'
import type { Services } from '../../../gateway/services/services.js'
import { type Sender, senderLimits, sendLimits } from '../limits/sends.js'
import { spendLimits } from '../limits/usage.js'

/**
 * Queues a mail to an address that may be unknown. Whether it is known shows neither in the answer nor in the work
 * done: the queue looks it up. Throws TOO_MANY_REQUESTS by the caller's address only; an address that has had its
 * share gets nothing, silently.
 */
export async function queueMailInSecret<Template extends DeliveryTemplate>(
  services: Services,
  mail: { readonly template: Template; readonly payload: DeliveryPayloads[Template]; readonly email: string },
  sender: Sender,
): Promise<void> {
  const { db, config, clock, queue } = services
  const address = `mail:${mail.email}` as const
  const ofSender = senderLimits(sender, config)
  const limits = sendLimits(address, sender, config)
  // The day's budget of all is spent when a mail really goes out, or unknown addresses could use it up.
  const ofAddress = [...limits.perTry, ...limits.perMessage].filter(
    ({ name }) => name !== 'day:mail' && !ofSender.some((limit) => limit.name === name),
  )
  await transaction(db, (db) => spendLimits(db, ofSender, clock.now()))
  try {
    await transaction(db, async (db) => {
      await spendLimits(db, ofAddress, clock.now())
      await queue.add(db, mail.template, mail.payload)
    })
  } catch (error) {
    if (!isError(error, 'TOO_MANY_REQUESTS')) throw error
  }
}
