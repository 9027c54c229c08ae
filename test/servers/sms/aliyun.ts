import { createHash, createHmac } from 'node:crypto'
import {
  startVendorServer,
  type VendorReply,
  type VendorRequest,
  type VendorServer,
} from './vendor-server.js'

/** The account the stand-in knows: what a gateway must be configured with to use it. */
export const aliyunAccount = {
  keyId: 'LTAI5tMadeUpForTheTests',
  keySecret: 'made/up+secret=of~the*tests',
  signName: '某某商城',
} as const

/** The templates it has approved, with the variables they take; those for abroad are for no mainland number. */
const templates: Readonly<
  Record<string, { readonly variables: readonly string[]; readonly abroad: boolean }>
> = {
  SMS_101: { variables: ['code'], abroad: false },
  SMS_102: { variables: [], abroad: false },
  SMS_103: { variables: ['code'], abroad: true },
}

/** The configuration that sends to a stand-in. */
export function aliyunSettings({ url }: { readonly url: string }): Record<string, string> {
  return {
    SMS_ALIYUN_URL: url,
    SMS_ALIYUN_KEY_ID: aliyunAccount.keyId,
    SMS_ALIYUN_KEY_SECRET: aliyunAccount.keySecret,
    SMS_ALIYUN_SIGN_NAME: aliyunAccount.signName,
    SMS_ALIYUN_TEMPLATES: 'code=SMS_101,code-abroad=SMS_103,mobile-changed=SMS_102',
  }
}

/** A stand-in for dysmsapi.aliyuncs.com that checks signatures as Aliyun's document says. */
export interface Aliyun extends VendorServer {
  /** The parameters of messages accepted so far, oldest first. */
  readonly messages: readonly Readonly<Record<string, string>>[]
  /** The code that well signed calls are refused with; none accepts them. */
  refusal: string | undefined
}

const quarterHour = 15 * 60_000

/** Starts the stand-in on a free loopback port; `now` is its clock, milliseconds since 1970. */
export async function startAliyun(now: () => number = Date.now): Promise<Aliyun> {
  const messages: Record<string, string>[] = []
  const nonces = new Set<string>()
  const server = await startVendorServer((request) => {
    const nonce = String(request.headers['x-acs-signature-nonce'])
    const fault =
      faultOfCall(request, now()) ?? (nonces.has(nonce) ? refused('SignatureNonceUsed') : undefined)
    nonces.add(nonce)
    if (fault !== undefined) return fault
    const query = Object.fromEntries(new URL(request.target, server.url).searchParams)
    const code = aliyun.refusal ?? faultOfMessage(query) ?? 'OK'
    if (code === 'OK') messages.push(query)
    const receipt = code === 'OK' ? { BizId: '9006197469364984^0' } : {}
    return { status: 200, json: { Code: code, Message: code, RequestId: 'F655A8D5-B967-440B', ...receipt } }
  })
  const aliyun: Aliyun = Object.assign(server, { messages, refusal: undefined })
  return aliyun
}

function refused(code: string, status = 400): VendorReply {
  return { status, json: { Code: code, Message: code, RequestId: 'F655A8D5-B967-440B', HostId: 'here' } }
}

/** What is wrong with the call, whatever its parameters. */
function faultOfCall(request: VendorRequest, now: number): VendorReply | undefined {
  const { headers } = request
  const date = String(headers['x-acs-date'])
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date)) return refused('InvalidTimeStamp.Format')
  if (Math.abs(Date.parse(date) - now) > quarterHour) return refused('InvalidTimeStamp.Expired')
  if (!String(headers.authorization).includes(` Credential=${aliyunAccount.keyId},`))
    return refused('InvalidAccessKeyId.NotFound', 404)
  if (headers['x-acs-content-sha256'] !== sha256(request.body)) return refused('SignatureDoesNotMatch')
  if (headers.authorization !== expectedAuthorization(request, aliyunAccount))
    return refused('SignatureDoesNotMatch')
  if (headers['x-acs-version'] !== '2017-05-25') return refused('InvalidVersion')
  return headers['x-acs-action'] === 'SendSms' ? undefined : refused('InvalidAction.NotFound', 404)
}

/** The code that SendSms answers parameters with that it does not like. */
function faultOfMessage(query: Readonly<Record<string, string>>): string | undefined {
  const { PhoneNumbers = '', SignName, TemplateCode = '', TemplateParam = '{}' } = query
  const template = templates[TemplateCode]
  const isMainland = /^1[3-9]\d{9}$/.test(PhoneNumbers)
  if (!/^[1-9]\d{6,17}$/.test(PhoneNumbers)) return 'isv.MOBILE_NUMBER_ILLEGAL'
  if (SignName !== aliyunAccount.signName) return 'isv.SMS_SIGNATURE_ILLEGAL'
  if (template === undefined) return 'isv.SMS_TEMPLATE_ILLEGAL'
  if (template.abroad && isMainland) return 'isv.DOMESTIC_NUMBER_NOT_SUPPORTED'
  if (!template.abroad && !isMainland) return 'isv.SMS_TEMPLATE_ILLEGAL'
  const given: unknown = JSON.parse(TemplateParam)
  if (typeof given !== 'object' || given === null || Object.values(given).some((v) => typeof v !== 'string'))
    return 'isv.INVALID_JSON_PARAM'
  return template.variables.every((name) => name in given) ? undefined : 'isv.TEMPLATE_MISSING_PARAMETERS'
}

/**
 * The Authorization header that the document of the request signature of version 3 demands for a request: host,
 * content-type and every x-acs- header signed, the query sorted and encoded by RFC 3986.
 */
export function expectedAuthorization(
  { method, target, headers, body }: VendorRequest,
  { keyId, keySecret }: { readonly keyId: string; readonly keySecret: string },
): string {
  const [path = '', query = ''] = target.split('?')
  const pairs = [...new URLSearchParams(query)].map(([name, value]) => `${rfc3986(name)}=${rfc3986(value)}`)
  const signed = Object.keys(headers)
    .filter((name) => name === 'host' || name === 'content-type' || name.startsWith('x-acs-'))
    .sort()
  let request = `${method}\n${path}\n${pairs.sort().join('&')}\n`
  for (const name of signed) request += `${name}:${String(headers[name]).trim()}\n`
  request += `\n${signed.join(';')}\n${sha256(body)}`
  const signature = createHmac('sha256', keySecret).update('ACS3-HMAC-SHA256\n').update(sha256(request))
  const fields = [`Credential=${keyId}`, `SignedHeaders=${signed.join(';')}`]
  return `ACS3-HMAC-SHA256 ${fields.join(',')},Signature=${signature.digest('hex')}`
}

/** Letters, digits and `-_.~` stand as they are, every other byte as %XX. */
function rfc3986(text: string): string {
  let encoded = ''
  for (const byte of Buffer.from(text)) {
    const sign = String.fromCharCode(byte)
    encoded += /[A-Za-z0-9\-_.~]/.test(sign) ? sign : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return encoded
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}
