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
  const address = `mail:${mail.email}` as const
  const ofSender = senderLimits(services, sender)
  const limits = sendLimits(services, address, sender)
  // The day's budget of all is spent when a mail really goes out, or unknown addresses could use it up.
  const ofAddress = [...limits.perTry, ...limits.perMessage].filter(
    ({ name }) => name !== 'day:mail' && !ofSender.some((limit) => limit.name === name),
  )
  await transaction(services, (services) => spendLimits(services, ofSender))
  try {
    await transaction(services, async (services) => {
      await spendLimits(services, ofAddress)
      await services.queue.add(services.db, mail.template, mail.payload)
    })
  } catch (error) {
    if (!isError(error, 'TOO_MANY_REQUESTS')) throw error
  }
}
