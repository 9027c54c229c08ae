import { findWechatEvent, markEventDelivered, type WechatEventRow } from '../../../db/wechat-events.js'
import { isWithinReach } from '../../../gateway/services/clock.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import type { DeliveryPayloads } from '../../../gateway/services/delivery-queue.js'
import {
  createCapturedEventWebhook,
  createEventWebhook,
} from '../../../gateway/services/wechat/messages/webhook.js'

/** How long nothing is tried after a failure: the queue also has the mail of users, who wait for it. */
const pauseMilliseconds = 20_000

/** Hands queued messages of the official account to the operator's own service, each until it was taken once. */
export function createEventDelivery({ config, db, clock }: Services) {
  const { events } = config.wechat
  const create = (target: NonNullable<typeof events>) =>
    config.capture ? createCapturedEventWebhook(target, { db, clock }) : createEventWebhook(target, clock)
  const webhook = events && create(events)
  let pausedUntil = 0
  return async ({ messageKey }: DeliveryPayloads['wechat-event']): Promise<void> => {
    const event = await findWechatEvent(db, messageKey)
    if (!webhook || !event || event.delivered_at !== null) return
    const now = clock.now()
    if (now < pausedUntil && isWithinReach(pausedUntil, now, pauseMilliseconds))
      throw new GatewayError('SEND_FAILED', { detail: 'events: it failed just now' })
    try {
      await webhook.post(describeEvent(event))
    } catch (error) {
      pausedUntil = clock.now() + pauseMilliseconds
      throw error
    }
    pausedUntil = 0
    await markEventDelivered(db, event.event_id, clock.now())
  }
}

function describeEvent({
  event_id,
  app_id,
  openid,
  message_type,
  event,
  content,
  received_at,
}: WechatEventRow) {
  const message: unknown = JSON.parse(content)
  return { id: event_id, app_id, openid, type: message_type, event, received_at, message }
}
