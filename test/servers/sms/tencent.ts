import { createHash, createHmac } from 'node:crypto'
import { startVendorServer, type VendorRequest, type VendorServer } from './vendor-server.js'

/** The account the stand-in knows: what a gateway must be configured with to use it. */
export const tencentAccount = {
  secretId: 'AKIDMadeUpForTheTests',
  secretKey: 'made/up+secret=of~the*tests',
  appId: '1400006666',
  signName: '某某商城',
} as const

/** The templates it has approved, with how many parameters they take. */
const templates: Readonly<Record<string, { readonly parameters: number; readonly abroad: boolean }>> = {
  '2001': { parameters: 1, abroad: false },
  '2002': { parameters: 0, abroad: false },
  '2003': { parameters: 1, abroad: true },
}

/** The configuration that sends to a stand-in. */
export function tencentSettings({ url }: { readonly url: string }): Record<string, string> {
  return {
    SMS_TENCENT_URL: url,
    SMS_TENCENT_SECRET_ID: tencentAccount.secretId,
    SMS_TENCENT_SECRET_KEY: tencentAccount.secretKey,
    SMS_TENCENT_APP_ID: tencentAccount.appId,
    SMS_TENCENT_SIGN_NAME: tencentAccount.signName,
    SMS_TENCENT_TEMPLATES: 'code=2001,code-abroad=2003,mobile-changed=2002',
  }
}

/** What SendSms is sent. */
interface TencentMessage {
  readonly PhoneNumberSet: readonly string[]
  readonly SmsSdkAppId: string
  readonly TemplateId: string
  readonly SignName?: string
  readonly TemplateParamSet: readonly string[]
}

/** A stand-in for sms.tencentcloudapi.com that checks signatures as Tencent's document says. */
export interface Tencent extends VendorServer {
  /** Messages accepted so far, oldest first. */
  readonly messages: readonly TencentMessage[]
  /** The code of the number in well signed calls; none accepts them. */
  refusal: string | undefined
}

const fiveMinutes = 300

/** Starts the stand-in on a free loopback port; `now` is its clock, milliseconds since 1970. */
export async function startTencent(now: () => number = Date.now): Promise<Tencent> {
  const messages: TencentMessage[] = []
  const server = await startVendorServer((request) => {
    const error = errorOfCall(request, now()) ?? errorOfAccount(JSON.parse(request.body) as TencentMessage)
    const RequestId = 'a0aabda6-cf91-4f3e-a81f-9198114a2279'
    if (error !== undefined)
      return { status: 200, json: { Response: { Error: { Code: error, Message: error }, RequestId } } }
    const message = JSON.parse(request.body) as TencentMessage
    const code = tencent.refusal ?? faultOfMessage(message) ?? 'Ok'
    if (code === 'Ok') messages.push(message)
    return { status: 200, json: { Response: { SendStatusSet: [statusOf(message, code)], RequestId } } }
  })
  const tencent: Tencent = Object.assign(server, { messages, refusal: undefined })
  return tencent
}

function statusOf({ PhoneNumberSet }: TencentMessage, code: string): Record<string, unknown> {
  const isSent = code === 'Ok'
  return {
    SerialNo: isSent ? '5000:1045710669157053657849499619' : '',
    PhoneNumber: PhoneNumberSet[0],
    Fee: isSent ? 1 : 0,
    SessionContext: '',
    Code: code,
    Message: isSent ? 'send success' : code,
    IsoCode: 'CN',
  }
}

/** The code of the whole call, when it is not to be listened to at all. */
function errorOfCall(request: VendorRequest, now: number): string | undefined {
  const { headers, method } = request
  const seconds = Number(headers['x-tc-timestamp'])
  if (method !== 'POST' || headers['content-type'] === undefined) return 'InvalidRequest'
  if (!(Math.abs(seconds - now / 1000) <= fiveMinutes)) return 'AuthFailure.SignatureExpire'
  if (!String(headers.authorization).includes(` Credential=${tencentAccount.secretId}/`))
    return 'AuthFailure.SecretIdNotFound'
  if (headers.authorization !== expectedTc3(request, 'sms', tencentAccount))
    return 'AuthFailure.SignatureFailure'
  if (headers['x-tc-action'] !== 'SendSms') return 'InvalidAction'
  if (headers['x-tc-version'] !== '2021-01-11') return 'NoSuchVersion'
  return headers['x-tc-region'] === undefined ? 'MissingParameter' : undefined
}

function errorOfAccount({ SmsSdkAppId, PhoneNumberSet }: TencentMessage): string | undefined {
  if (SmsSdkAppId !== tencentAccount.appId) return 'UnauthorizedOperation.SmsSdkAppIdVerifyFail'
  return PhoneNumberSet.length === 0 ? 'MissingParameter.EmptyPhoneNumberSet' : undefined
}

/** The code that the number gets for parameters that SendSms does not like. */
function faultOfMessage(message: TencentMessage): string | undefined {
  const { PhoneNumberSet, SignName, TemplateId, TemplateParamSet } = message
  const [number = ''] = PhoneNumberSet
  const template = templates[TemplateId]
  const isMainland = number.startsWith('+86')
  if (!/^\+[1-9]\d{6,17}$/.test(number)) return 'InvalidParameterValue.IncorrectPhoneNumber'
  if (template === undefined) return 'FailedOperation.TemplateIncorrectOrUnapproved'
  if (isMainland && template.abroad) return 'UnsupportedOperation.GlobalTemplateToChineseMainlandPhone'
  if (!isMainland && !template.abroad) return 'UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone'
  // The signature is approved for the mainland only.
  if (SignName !== (isMainland ? tencentAccount.signName : undefined))
    return 'FailedOperation.SignatureIncorrectOrUnapproved'
  return TemplateParamSet.length === template.parameters
    ? undefined
    : 'FailedOperation.TemplateParamSetNotMatchApprovedTemplate'
}

/**
 * The Authorization header that the document of TC3-HMAC-SHA256 demands for a request that signs the headers it says it
 * signs: content-type and host at least.
 */
export function expectedTc3(
  { headers, body }: VendorRequest,
  service: string,
  { secretId, secretKey }: { readonly secretId: string; readonly secretKey: string },
): string {
  const [, claimed = ''] = /SignedHeaders=([a-z;-]+)/.exec(String(headers.authorization)) ?? []
  const signed = [...new Set(['content-type', 'host', ...claimed.split(';')])].sort()
  let request = 'POST\n/\n\n'
  for (const name of signed) request += `${name}:${String(headers[name]).trim().toLowerCase()}\n`
  request += `\n${signed.join(';')}\n${createHash('sha256').update(body).digest('hex')}`
  const seconds = String(headers['x-tc-timestamp'])
  const day = new Date(Number(seconds) * 1000)
  const two = (number: number): string => String(number).padStart(2, '0')
  const date = `${day.getUTCFullYear()}-${two(day.getUTCMonth() + 1)}-${two(day.getUTCDate())}`
  const secretDate = createHmac('sha256', `TC3${secretKey}`).update(date).digest()
  const secretService = createHmac('sha256', secretDate).update(service).digest()
  const secretSigning = createHmac('sha256', secretService).update('tc3_request').digest()
  const hashed = createHash('sha256').update(request).digest('hex')
  const signature = createHmac('sha256', secretSigning)
    .update(`TC3-HMAC-SHA256\n${seconds}\n${date}/${service}/tc3_request\n${hashed}`)
    .digest('hex')
  const credential = `${secretId}/${date}/${service}/tc3_request`
  return `TC3-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signed.join(';')}, Signature=${signature}`
}
