import type { Variable } from './rule.js'

/** Variables of what the server does: its messages, its legacy protocol, its accounts and limits. */
export const accountVariables = {
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
    type: 'string',
    enum: ['outbox', 'webhook'],
    default: 'outbox',
    description: 'Where text messages go; the outbox, which sends nothing, is refused in production.',
  },
  SMS_WEBHOOK_URL: {
    type: 'string',
    format: 'web-url',
    'x-password': true,
    description: 'Where the webhook provider posts text messages.',
  },
  PASSPORT_UNSIGNED: {
    type: 'string',
    enum: ['allow', 'deny'],
    'x-default': 'allow in development, deny else',
    description: 'Whether calls without a signature are answered.',
  },
  PASSPORT_DEBUG: {
    type: 'boolean',
    default: false,
    description: 'Whether answers carry debugging details; refused in production.',
  },
  PASSPORT_SALT: {
    type: 'string',
    'x-secret': true,
    description: 'The salt of password hashes made by the legacy passport.',
  },
  PASSPORT_MOBILE_CHANGE: {
    type: 'string',
    enum: ['checked', 'proved'],
    description: "What changing a mobile number takes; absent, the app's scheme decides.",
  },
  PASSWORD_BLOCKLIST: {
    type: 'boolean',
    default: true,
    description: 'Whether well-known passwords are refused.',
  },
  REGISTRATION: {
    type: 'boolean',
    default: true,
    description: 'Whether new accounts may be made.',
  },
  TOKEN_HOURS: {
    type: 'integer',
    minimum: 1,
    maximum: 8760,
    default: 24,
    description: 'How long a token is valid, in hours.',
  },
  CODE_LENGTH: {
    type: 'integer',
    minimum: 4,
    maximum: 8,
    default: 4,
    description: 'How many digits a verification code has.',
  },
  CODE_MINUTES: {
    type: 'integer',
    minimum: 1,
    maximum: 60,
    default: 10,
    description: 'How long a verification code is valid, in minutes.',
  },
  CODE_GAP: {
    type: 'integer',
    minimum: 0,
    maximum: 3600,
    default: 60,
    description: 'The least time between two codes to one number, in seconds.',
  },
  CODE_PER_NUMBER_HOUR: {
    type: 'integer',
    minimum: 1,
    default: 5,
    description: 'How many codes one number may be sent in an hour.',
  },
  CODE_PER_NUMBER_DAY: {
    type: 'integer',
    minimum: 1,
    default: 10,
    description: 'How many codes one number may be sent in a day.',
  },
  CODE_PER_IP_HOUR: {
    type: 'integer',
    minimum: 1,
    default: 20,
    description: 'How many codes one client address may ask for in an hour.',
  },
  CODE_PER_DAY: {
    type: 'integer',
    minimum: 1,
    default: 10000,
    description: 'How many codes the server sends in a day in all.',
  },
  LIMIT_IP_SCALE: {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 1000000,
    default: 1,
    description: 'What the limits per client address are multiplied by.',
  },
} as const satisfies Record<string, Variable>
