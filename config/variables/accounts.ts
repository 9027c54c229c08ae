import type { Variable } from './rule.js'

/** Variables of what the server does: its legacy protocol, its accounts and limits. */
export const accountVariables = {
  PASSPORT_UNSIGNED: {
    type: 'string',
    enum: ['allow', 'deny'],
    'x-default': 'allow in development, deny else',
    description: 'Whether calls made on this machine need no signature; allow in development, deny else.',
  },
  PASSPORT_DEBUG: {
    type: 'boolean',
    default: false,
    description: 'Whether debug=XYZ skips the signature, as on the old gateway; refused in production.',
  },
  PASSPORT_SALT: {
    type: 'string',
    'x-secret': true,
    description:
      'Adds alg and md5 to the passport envelope, for clients that check them; absent, neither is sent.',
  },
  PASSPORT_MOBILE_CHANGE: {
    type: 'string',
    enum: ['checked', 'proved'],
    description:
      'What changing a mobile number takes: checked or proved; absent, checked for legacy apps, proved for others.',
  },
  PASSWORD_BLOCKLIST: {
    type: 'boolean',
    default: true,
    description:
      'Whether the most common passwords are refused; never for legacy apps and the account methods.',
  },
  PASSWORD_COST: {
    type: 'string',
    format: 'password-cost',
    default: 'm=19456,t=2,p=1',
    description:
      'What an argon2id hash of a password costs: KiB of memory, passes and lanes, the same on all nodes. Hashes of another cost are replaced at the next sign-in; less than OWASP asks is refused in production.',
  },
  REGISTRATION: {
    type: 'boolean',
    default: true,
    description: 'Whether newcomers may make an account, by register or a first sign-in by code.',
  },
  TOKEN_HOURS: {
    type: 'integer',
    minimum: 1,
    maximum: 8760,
    default: 24,
    description: 'How long a token is valid, in hours.',
  },
  AUDIT_DAYS: {
    type: 'integer',
    minimum: 1,
    maximum: 36500,
    default: 365,
    description: 'How long the audit is kept, in days.',
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
    description: 'How many codes are sent in a day in all, by each channel.',
  },
  CODE_PER_NETWORK_HOUR: {
    type: 'integer',
    minimum: 1,
    default: 100,
    description: 'How many codes one network (IPv4 /24, IPv6 /48) may ask for in an hour.',
  },
  CODE_NETWORK_SHARE: {
    type: 'integer',
    minimum: 1,
    maximum: 100,
    default: 5,
    description: 'How much of CODE_PER_DAY one network (IPv4 /24, IPv6 /48) may use, in percent.',
  },
  CODE_RESERVE: {
    type: 'integer',
    minimum: 0,
    maximum: 90,
    default: 10,
    description:
      'How much of CODE_PER_DAY is kept for recovery mails, notices and users who ask from where they have signed in, in percent.',
  },
  WRONG_CODES_PER_IP_HOUR: {
    type: 'integer',
    minimum: 5,
    default: 30,
    description: 'How many wrong codes one client address may try in an hour, whatever the numbers.',
  },
  WRONG_CODES_PER_NETWORK_HOUR: {
    type: 'integer',
    minimum: 5,
    default: 100,
    description: 'How many wrong codes one network (IPv4 /24, IPv6 /48) may try in an hour.',
  },
  NOTICE_PER_HOUR: {
    type: 'integer',
    minimum: 1,
    default: 3,
    description: 'How often one number or address is told of one kind of change in an hour.',
  },
  NOTICE_PER_DAY: {
    type: 'integer',
    minimum: 1,
    default: 10,
    description: 'How often one number or address is told of one kind of change in a day.',
  },
  MESSAGE_PER_MINUTE: {
    type: 'integer',
    minimum: 1,
    maximum: 300,
    default: 30,
    description: 'How many in-site messages one user may send in a minute.',
  },
  MESSAGE_PER_DAY: {
    type: 'integer',
    minimum: 1,
    default: 1000,
    description: 'How many in-site messages one user may send in a day.',
  },
  TAX_NUMBER_CHECK: {
    type: 'boolean',
    default: false,
    description: 'Whether the check character of an 18-character tax number on an invoice must be right.',
  },
  LIMIT_IP_SCALE: {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 1000000,
    default: 1,
    description: 'What the limits per client address are multiplied by.',
  },
} as const satisfies Record<string, Variable>
