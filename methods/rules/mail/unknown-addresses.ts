import { transaction } from '../../../db/transaction.js'
import { isError } from '../../../gateway/outcome/errors.js'
import type { DeliveryPayloads, DeliveryTemplate } from '../../../gateway/services/delivery-queue.js'
import type { Services } from '../../../gateway/services/services.js'
import { type Sender, senderLimits, sendLimits, type SendPurpose } from '../limits/send-limits.js'
import { spendLimits } from '../limits/usage.js'

/**
 * Queues a mail to an address that may be unknown. Whether it is known shows neither in the answer nor in the work
 * done: the queue looks it up. Throws TOO_MANY_REQUESTS by the caller's address only; an address that has had its
 * share gets nothing, silently.
 */
export async function queueMailInSecret<Template extends DeliveryTemplate>(
  services: Services,
  mail: {
    readonly template: Template
    readonly purpose: SendPurpose
    readonly payload: DeliveryPayloads[Template]
    readonly email: string
  },
  sender: Sender,
): Promise<void> {
  const { perTry, perMessage } = sendLimits(services, `mail:${mail.email}`, mail.purpose)
  const ofSender = senderLimits(services, sender)
  await transaction(services, (services) => spendLimits(services, ofSender))
  try {
    await transaction(services, async (services) => {
      // The day's budget of all is spent when a mail really goes out, or unknown addresses could use it up.
      await spendLimits(services, [...perTry, ...perMessage])
      await services.queue.add(services.db, mail.template, mail.payload)
    })
  } catch (error) {
    if (!isError(error, 'TOO_MANY_REQUESTS')) throw error
  }
}
