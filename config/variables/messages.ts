import type { Variable } from './rule.js'

/** Variables of the messages the server sends: its mail, its text messages, and the vendors that carry these. */
export const messageVariables = {
  OUTSIDE: {
    type: 'string',
    enum: ['open', 'captured', 'captured-in-production'],
    default: 'open',
    description:
      'What becomes of texts, mails, calls of WeChat, webhooks and traces: open sends them, captured writes them into the outbox and reaches nobody; in production that is captured-in-production.',
  },
  OUTSIDE_TOKEN: {
    type: 'array',
    items: { type: 'string', minLength: 16 },
    'x-secret': true,
    description:
      'The bearer token for reading what was captured on /outbox, while it is changed new,old; absent, only this machine may.',
  },
  SMTP_URL: {
    type: 'string',
    format: 'smtp-url',
    'x-password': true,
    description: 'The mail server; absent, mail goes to the outbox, and in production cannot be sent.',
  },
  MAIL_FROM: {
    type: 'string',
    format: 'mail-from',
    default: 'passport@localhost',
    description: 'The sender of mail.',
  },
  SMS_PROVIDER: {
    type: 'array',
    items: { type: 'string', enum: ['outbox', 'webhook', 'aliyun', 'tencent'] },
    default: ['outbox'],
    description:
      'Where text messages go: outbox (sends nothing, refused in production), or a comma list of webhook, aliyun, tencent, the next tried when one fails.',
  },
  SMS_COUNTRIES: {
    type: 'array',
    items: { type: 'string', format: 'sms-country' },
    default: ['CN', 'HK', 'MO', 'TW', 'SG', 'MY', 'US', 'CA', 'KR', 'GB', 'JP', 'AU'],
    description: 'Countries whose mobile numbers are texted, by their codes of ISO 3166; any: all there are.',
  },
  SMS_CONVERSION_LEAST: {
    type: 'integer',
    minimum: 0,
    maximum: 90,
    default: 10,
    description:
      'How many of the codes texted to a country must be used, in percent; below, only known users are texted there. 0: however few.',
  },
  SMS_WEBHOOK_URL: {
    type: 'string',
    format: 'web-url',
    'x-password': true,
    description: 'Where the webhook provider posts text messages.',
  },
  SMS_ALIYUN_KEY_ID: {
    type: 'string',
    format: 'access-key',
    description: 'The AccessKey ID of a RAM user that may call dysms:SendSms.',
  },
  SMS_ALIYUN_KEY_SECRET: {
    type: 'string',
    format: 'access-key',
    'x-secret': true,
    description: 'The AccessKey secret that goes with it.',
  },
  SMS_ALIYUN_SIGN_NAME: {
    type: 'string',
    description: 'The approved signature that Aliyun puts before texts.',
  },
  SMS_ALIYUN_TEMPLATES: {
    type: 'array',
    items: { type: 'string', format: 'sms-template' },
    description:
      'Aliyun templates by ours: code=SMS_1,mobile-changed=SMS_2,password-changed=SMS_3,email-changed=SMS_4,wechat-changed=SMS_5.',
  },
  SMS_ALIYUN_URL: {
    type: 'string',
    format: 'public-url',
    default: 'https://dysmsapi.aliyuncs.com',
    'x-password': true,
    description: 'The address of the Aliyun API, or of a gateway to it.',
  },
  SMS_TENCENT_SECRET_ID: {
    type: 'string',
    format: 'access-key',
    description: 'The SecretId of a CAM user that may call sms:SendSms.',
  },
  SMS_TENCENT_SECRET_KEY: {
    type: 'string',
    format: 'access-key',
    'x-secret': true,
    description: 'The SecretKey that goes with it.',
  },
  SMS_TENCENT_APP_ID: {
    type: 'integer',
    minimum: 1,
    description: 'The SdkAppId of the SMS application at Tencent.',
  },
  SMS_TENCENT_SIGN_NAME: {
    type: 'string',
    description: 'The approved signature that Tencent puts before texts to the mainland.',
  },
  SMS_TENCENT_TEMPLATES: {
    type: 'array',
    items: { type: 'string', format: 'sms-template' },
    description:
      'Tencent templates by ours: code=1001,mobile-changed=1002,password-changed=1003,email-changed=1004,wechat-changed=1005.',
  },
  SMS_TENCENT_REGION: {
    type: 'string',
    format: 'access-key',
    default: 'ap-guangzhou',
    description: 'The region of the Tencent API.',
  },
  SMS_TENCENT_URL: {
    type: 'string',
    format: 'public-url',
    default: 'https://sms.tencentcloudapi.com',
    'x-password': true,
    description: 'The address of the Tencent API, or of a gateway to it.',
  },
} as const satisfies Record<string, Variable>
