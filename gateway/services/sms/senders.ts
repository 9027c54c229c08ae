import type { Knex } from 'knex'
import type { SmsVendor } from '../../../config/config.js'
import type { Clock } from '../clock.js'
import type { Log } from '../telemetry/log.js'
import type { Metrics } from '../telemetry/metrics.js'
import { inSpan } from '../../../db/span.js'
import { createAliyunSender } from './aliyun.js'
import { createFailover } from './failover.js'
import { createSmsOutbox } from './outbox.js'
import type { SmsSender } from './sms-sender.js'
import { createTencentSender } from './tencent.js'
import { createWebhookSender } from './webhook.js'

interface SenderServices {
  readonly db: Knex
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}

/** The sender that the configuration asks for: the outbox for no vendors, fail-over for several. */
export function createSmsSender(vendors: readonly SmsVendor[], services: SenderServices): SmsSender {
  const senders = vendors.map((vendor) => watched(createVendor(vendor, services.clock), services))
  const [first = watched(createSmsOutbox(services.db, services.clock), services)] = senders
  return senders.length > 1 ? createFailover(senders, services) : first
}

function createVendor(vendor: SmsVendor, clock: Clock): SmsSender {
  if (vendor.provider === 'webhook') return createWebhookSender(vendor.url)
  return vendor.provider === 'aliyun' ? createAliyunSender(vendor, clock) : createTencentSender(vendor, clock)
}

/** Counts each try of a vendor, fail-over's too, and logs what it failed of. */
function watched(sender: SmsSender, { metrics, log }: SenderServices): SmsSender {
  const { provider } = sender
  metrics.expectSends('sms', provider)
  const subject = { name: 'send sms', attributes: { 'passport.provider': provider } }
  return {
    provider,
    async send(sms, patience) {
      try {
        await inSpan(subject, () => sender.send(sms, patience))
        metrics.countSend('sms', provider, 'sent')
      } catch (error) {
        metrics.countSend('sms', provider, 'failed')
        log.warn({ provider, template: sms.template, error }, 'a vendor did not take a text message')
        throw error
      }
    },
  }
}
