import { createHmac } from 'node:crypto'
import type { Knex } from 'knex'
import { insertOutboxMessage } from '../../../../db/outbox-messages.js'
import { GatewayError } from '../../../outcome/errors.js'
import type { Clock } from '../../clock.js'
import { callVendor } from '../../sms/vendor.js'
import { splitUrl } from '../../sms/webhook.js'

/** The operator's own service that is told of messages to the official account. */
export interface EventWebhook {
  /** POSTs an event as JSON. Throws SEND_FAILED unless it is answered with 2xx in time. */
  post(event: object): Promise<void>
}

/** Milliseconds. */
const patience = 5000

/**
 * Posts with `X-Passport-Timestamp`, Unix seconds, and `X-Passport-Signature`, the HMAC-SHA256 (hex) of
 * `<timestamp>.<body>` under the shared secret; a user and password in the URL as Basic authorization.
 */
export function createEventWebhook(
  { url, secret }: { readonly url: string; readonly secret: string },
  clock: Clock,
): EventWebhook {
  const target = splitUrl(url)
  return {
    async post(event) {
      const body = JSON.stringify(event)
      const timestamp = String(Math.floor(clock.now() / 1000))
      const headers = {
        'Content-Type': 'application/json',
        ...target.authorization,
        'X-Passport-Timestamp': timestamp,
        'X-Passport-Signature': createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex'),
      }
      const { status } = await callVendor('events', target.url, { headers, body, patience })
      if (status < 200 || status > 299)
        throw new GatewayError('SEND_FAILED', { detail: `events: HTTP ${status}` })
    },
  }
}

/** In its place where nothing leaves the server: an event goes to the outbox. */
export function createCapturedEventWebhook(
  { url }: { readonly url: string },
  { db, clock }: { readonly db: Knex; readonly clock: Clock },
): EventWebhook {
  return {
    post: (event) =>
      insertOutboxMessage(db, {
        channel: 'webhook',
        address: new URL(url).host.slice(0, 190),
        subject: 'events',
        text: JSON.stringify(event),
        html: '',
        sent_at: clock.now(),
      }),
  }
}
