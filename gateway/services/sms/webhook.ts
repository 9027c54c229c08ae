import { GatewayError } from '../../outcome/errors.js'
import { type SmsSender, vendorPatience } from './sms-sender.js'
import { callVendor } from './vendor.js'

/**
 * Hands messages to the operator's own service: POST of JSON `{mobile, area, text, code, template}`, any 2xx accepts. A
 * user and password in the URL are sent as Basic authorization.
 */
export function createWebhookSender(url: string): SmsSender {
  const target = splitUrl(url)
  return {
    provider: 'webhook',
    async send({ mobile, area, text, code, template }, patience = vendorPatience) {
      const body = JSON.stringify({ mobile, area, text, code, template })
      const headers = { 'Content-Type': 'application/json', ...target.authorization }
      const { status } = await callVendor('webhook', target.url, { headers, body, patience })
      if (status < 200 || status > 299)
        throw new GatewayError('SEND_FAILED', { detail: `webhook: HTTP ${status}` })
    },
  }
}

/** A URL and what its user and password become: fetch refuses a URL with a password in it. */
export function splitUrl(text: string): { url: string; authorization: Record<string, string> } {
  const url = new URL(text)
  const { username, password } = url
  if (username === '' && password === '') return { url: text, authorization: {} }
  url.username = ''
  url.password = ''
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { url: url.href, authorization: { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` } }
}
