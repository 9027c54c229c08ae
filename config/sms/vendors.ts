import type { Environment, VariableName } from '../schema.js'
import { readTemplates, type SmsTemplateIds } from './templates.js'

/** The operator's own service. */
interface WebhookAccount {
  readonly provider: 'webhook'
  readonly url: string
}

/** An account at Aliyun's dysmsapi. */
export interface AliyunAccount {
  readonly provider: 'aliyun'
  readonly url: string
  readonly keyId: string
  readonly keySecret: string
  readonly signName: string
  readonly templates: SmsTemplateIds
}

/** An account at Tencent's sms. */
export interface TencentAccount {
  readonly provider: 'tencent'
  readonly url: string
  readonly secretId: string
  readonly secretKey: string
  /** The SdkAppId. */
  readonly appId: string
  readonly region: string
  readonly signName: string
  readonly templates: SmsTemplateIds
}

/** Who carries text messages, with all it takes to hand them over. */
export type SmsVendor = WebhookAccount | AliyunAccount | TencentAccount

type Provider = SmsVendor['provider']

const settings = {
  webhook: ['SMS_WEBHOOK_URL'],
  aliyun: ['SMS_ALIYUN_KEY_ID', 'SMS_ALIYUN_KEY_SECRET', 'SMS_ALIYUN_SIGN_NAME', 'SMS_ALIYUN_TEMPLATES'],
  tencent: [
    'SMS_TENCENT_SECRET_ID',
    'SMS_TENCENT_SECRET_KEY',
    'SMS_TENCENT_APP_ID',
    'SMS_TENCENT_SIGN_NAME',
    'SMS_TENCENT_TEMPLATES',
  ],
} as const satisfies Record<Provider, readonly VariableName[]>

const providers = ['webhook', 'aliyun', 'tencent'] as const satisfies readonly Provider[]

/** The variables without which a provider can't be used. */
export const smsSettings = providers.flatMap((provider) =>
  settings[provider].map((name) => ({ provider, name })),
)

// Where a variable is absent here, its provider has been refused on reading: the empty texts are never used.
const accounts: { readonly [P in Provider]: (e: Environment) => SmsVendor & { readonly provider: P } } = {
  webhook: ({ SMS_WEBHOOK_URL: url = '' }) => ({ provider: 'webhook', url }),
  aliyun: (e) => ({
    provider: 'aliyun',
    url: e.SMS_ALIYUN_URL,
    keyId: e.SMS_ALIYUN_KEY_ID ?? '',
    keySecret: e.SMS_ALIYUN_KEY_SECRET ?? '',
    signName: e.SMS_ALIYUN_SIGN_NAME ?? '',
    templates: readTemplates(e.SMS_ALIYUN_TEMPLATES),
  }),
  tencent: (e) => ({
    provider: 'tencent',
    url: e.SMS_TENCENT_URL,
    secretId: e.SMS_TENCENT_SECRET_ID ?? '',
    secretKey: e.SMS_TENCENT_SECRET_KEY ?? '',
    appId: String(e.SMS_TENCENT_APP_ID ?? ''),
    region: e.SMS_TENCENT_REGION,
    signName: e.SMS_TENCENT_SIGN_NAME ?? '',
    templates: readTemplates(e.SMS_TENCENT_TEMPLATES),
  }),
}

/** The vendors SMS_PROVIDER lists, in its order; none for the outbox. */
export function smsVendorsOf(e: Environment): SmsVendor[] {
  return e.SMS_PROVIDER.flatMap((provider) => (provider === 'outbox' ? [] : [accounts[provider](e)]))
}
