import { createHmac, hash, randomUUID } from 'node:crypto'
import type { AliyunAccount } from '../../../config/config.js'
import type { Clock } from '../clock.js'
import { type SmsSender, vendorPatience } from './sms-sender.js'
import { callVendor, isAccepted, refusalOf, templateIdFor, textAt } from './vendor.js'

const algorithm = 'ACS3-HMAC-SHA256'

// The number, the limits per number (1 a minute, 5 an hour, 10 a day by default), the template and what fills it.
const ofMessage =
  /^isv\.(?:MOBILE_NUMBER_ILLEGAL|BUSINESS_LIMIT_CONTROL|BLACK_KEY_CONTROL_LIMIT|DOMESTIC_NUMBER_NOT_SUPPORTED|SMS_CONTENT_ILLEGAL|SMS_TEMPLATE_ILLEGAL|TEMPLATE_\w+|INVALID_JSON_PARAM|INVALID_PARAMETERS|PARAM_\w+)$/

/** Sends by Aliyun's dysmsapi, version 2017-05-25, action SendSms: POST with signed query; HTTP 200 with Code `OK` accepts. */
export function createAliyunSender(account: AliyunAccount, clock: Clock): SmsSender {
  return {
    provider: 'aliyun',
    async send(sms, patience = vendorPatience) {
      const request = signAliyun(account, {
        url: account.url,
        action: 'SendSms',
        version: '2017-05-25',
        query: {
          // Mainland numbers stand bare, all others behind their area without a plus.
          PhoneNumbers: sms.area === '86' ? sms.mobile : `${sms.area}${sms.mobile}`,
          SignName: account.signName,
          TemplateCode: templateIdFor('aliyun', account.templates, sms),
          ...(sms.code !== undefined && { TemplateParam: JSON.stringify({ code: sms.code }) }),
        },
        now: clock.now(),
        nonce: randomUUID(),
      })
      const answer = await callVendor('aliyun', request.url, { headers: request.headers, patience })
      const code = textAt(answer.json, 'Code')
      if (!isAccepted(answer, code, 'OK')) throw refusalOf('aliyun', answer, code, ofMessage)
    },
  }
}

interface AliyunCall {
  /** Where the API is, without a query. */
  readonly url: string
  readonly action: string
  readonly version: string
  readonly query: Readonly<Record<string, string>>
  /** Milliseconds since 1970. */
  readonly now: number
  /** A text no other request has. */
  readonly nonce: string
}

/** The URL and the headers of a POST without a body, signed by Aliyun's request signature of version 3. */
export function signAliyun(
  { keyId, keySecret }: Pick<AliyunAccount, 'keyId' | 'keySecret'>,
  { url, action, version, query, now, nonce }: AliyunCall,
): { readonly url: string; readonly headers: Readonly<Record<string, string>> } {
  const { host, pathname, origin } = new URL(url)
  const canonicalQuery = Object.entries(query)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&')
  const bodyDigest = sha256('')
  // In the order of their names, as they are signed; fetch sends the host by itself.
  const headers = {
    'x-acs-action': action,
    'x-acs-content-sha256': bodyDigest,
    'x-acs-date': new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': nonce,
    'x-acs-version': version,
  }
  const signed = Object.entries({ host, ...headers })
  const names = signed.map(([name]) => name).join(';')
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('')
  const canonical = ['POST', pathname, canonicalQuery, lines, names, bodyDigest].join('\n')
  const signature = createHmac('sha256', keySecret)
    .update(`${algorithm}\n${sha256(canonical)}`)
    .digest('hex')
  const authorization = `${algorithm} Credential=${keyId},SignedHeaders=${names},Signature=${signature}`
  return {
    url: `${origin}${pathname}?${canonicalQuery}`,
    headers: { ...headers, Authorization: authorization },
  }
}

/** Percent-encoding of RFC 3986, which spares less than encodeURIComponent. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}
