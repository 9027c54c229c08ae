import { GatewayError } from '../../errors.js'
import type { SmsSender } from './sms-sender.js'

const timeoutMilliseconds = 5000

/** Hands messages to the operator's own service: POST of JSON `{mobile, area, text, code, template}`, any 2xx accepts. */
export function createWebhookSender(url: string): SmsSender {
  return {
    provider: 'webhook',
    async send({ mobile, area, text, code, template }) {
      let status: number
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ mobile, area, text, code, template }),
          redirect: 'error',
          signal: AbortSignal.timeout(timeoutMilliseconds),
        })
        status = response.status
        await response.body?.cancel()
      } catch (cause) {
        throw new GatewayError('SEND_FAILED', { cause })
      }
      if (status < 200 || status > 299)
        throw new GatewayError('SEND_FAILED', { detail: `SMS_WEBHOOK_URL answered ${status}` })
    },
  }
}
