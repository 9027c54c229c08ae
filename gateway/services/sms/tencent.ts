import { createHmac, hash } from 'node:crypto'
import type { TencentAccount } from '../../../config/config.js'
import type { Clock } from '../clock.js'
import { type SmsSender, vendorPatience } from './sms-sender.js'
import { callVendor, isAccepted, refusalOf, templateIdFor, textAt } from './vendor.js'

const algorithm = 'TC3-HMAC-SHA256'
const contentType = 'application/json; charset=utf-8'

// The number, the limits per number, the country, the template and what fills it.
const ofMessage =
  /^(?:LimitExceeded\.PhoneNumber\w+|LimitExceeded\.(?:DeliveryFrequencyLimit|AppCountryOrRegion\w+)|FailedOperation\.(?:PhoneNumberInBlacklist|ContainSensitiveWord|Template\w+)|InvalidParameterValue\.(?:IncorrectPhoneNumber|ContentLengthLimit|Template\w+)|UnsupportedOperation\.\w*)$/

/**
 * Sends by Tencent's sms, version 2021-01-11, action SendSms: POST of signed JSON, always answered with HTTP 200; the
 * Code `Ok` of the only number accepts.
 */
export function createTencentSender(account: TencentAccount, clock: Clock): SmsSender {
  const { host } = new URL(account.url)
  return {
    provider: 'tencent',
    async send(sms, patience = vendorPatience) {
      const body = JSON.stringify({
        PhoneNumberSet: [`+${sms.area}${sms.mobile}`],
        SmsSdkAppId: account.appId,
        TemplateId: templateIdFor('tencent', account.templates, sms),
        // Signatures are approved for the mainland and for abroad apart, and needed for the mainland only.
        ...(sms.area === '86' && { SignName: account.signName }),
        TemplateParamSet: sms.code === undefined ? [] : [sms.code],
      })
      const timestamp = Math.floor(clock.now() / 1000)
      const signed = { 'content-type': contentType, host, 'x-tc-action': 'sendsms' }
      const headers = {
        'Content-Type': contentType,
        'X-TC-Action': 'SendSms',
        'X-TC-Version': '2021-01-11',
        'X-TC-Region': account.region,
        'X-TC-Timestamp': String(timestamp),
        Authorization: signTencent(account, { service: 'sms', signed, body, timestamp }),
      }
      const answer = await callVendor('tencent', account.url, { headers, body, patience })
      const code = textAt(answer.json, 'Response', 'SendStatusSet', 0, 'Code')
      const error = textAt(answer.json, 'Response', 'Error', 'Code')
      if (error !== undefined || !isAccepted(answer, code, 'Ok'))
        throw refusalOf('tencent', answer, error ?? code, ofMessage)
    },
  }
}

interface TencentCall {
  readonly service: string
  /** The headers the signature covers: lower-case, in the order of their names. */
  readonly signed: Readonly<Record<string, string>>
  readonly body: string
  /** Seconds since 1970. */
  readonly timestamp: number
}

/** The `Authorization` header of a POST of JSON, by Tencent's signature of version 3. */
export function signTencent(
  { secretId, secretKey }: Pick<TencentAccount, 'secretId' | 'secretKey'>,
  { service, signed, body, timestamp }: TencentCall,
): string {
  const entries = Object.entries(signed)
  const names = entries.map(([name]) => name).join(';')
  const lines = entries.map(([name, value]) => `${name}:${value}\n`).join('')
  // The path is `/` in every signature, and a POST has no query.
  const canonical = ['POST', '/', '', lines, names, hash('sha256', body, 'hex')].join('\n')
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10)
  const scope = `${date}/${service}/tc3_request`
  const text = [algorithm, timestamp, scope, hash('sha256', canonical, 'hex')].join('\n')
  const key = [date, service, 'tc3_request'].reduce<Buffer | string>(hmac, `TC3${secretKey}`)
  const signature = hmac(key, text).toString('hex')
  return `${algorithm} Credential=${secretId}/${scope}, SignedHeaders=${names}, Signature=${signature}`
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
