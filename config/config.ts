import { type CodesConfig, codesOf } from './codes.js'
import { defined } from '../gateway/wire/defined-fields.js'
import { type ConsolePlace, consolePlaceOf } from './console.js'
import { type DatabaseConfig, databaseOf } from './urls/database-url.js'
import { type Environment, readEnvironment } from './env.js'
import { isShellOrigin } from './formats.js'
import { type CaptureConfig, captureOf, withoutVendors } from './outside.js'
import { readLoginKeys } from './secrets/login-keys.js'
import { loadMadeKeys } from './secrets/made-keys.js'
import { type PasswordCost, readPasswordCost, usualPasswordCost } from './password-cost.js'
import { type OldTokensConfig, oldTokensOf, type ShopTokensConfig, shopTokensOf } from './shop.js'
import { type SmsVendor, smsVendorsOf } from './sms/vendors.js'
import { type TracingConfig, tracingOf } from './variables/tracing.js'
import { type WechatConfig, wechatOf } from './wechat.js'

export type { ConfigRow } from './describe.js'
export { describeConfig } from './describe.js'
export type { AliyunAccount, SmsVendor, TencentAccount } from './sms/vendors.js'
export type { SmsTemplate, SmsTemplateIds } from './sms/templates.js'
export type { WechatAccount, WechatConfig, WechatOfficialAccount, WechatWebAccount } from './wechat.js'

/** The configuration of the server, deeply frozen. */
export interface Config {
  readonly environment: 'development' | 'test' | 'production'
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly dataDir: string
  readonly database: DatabaseConfig
  readonly dbTimeoutSeconds: number
  readonly dbPool: number
  readonly dbConnectionSeconds: number
  readonly redisUrl?: string
  /** Without a slash at its end. */
  readonly publicUrl: string
  /** The first is written with, all are read; so with the secrets of tokens. */
  readonly dataKeys: readonly string[]
  readonly jwtSecrets: readonly string[]
  /** In PEM; the first is given out, all decrypt. None: one is made and kept in the database. */
  readonly loginKeys: readonly string[]
  /** Absent where no shop reads our tokens. */
  readonly shopTokens?: ShopTokensConfig
  /** Absent where everything is sent. */
  readonly capture?: CaptureConfig
  readonly oldTokens?: OldTokensConfig
  readonly smtpUrl?: string
  readonly backupPassphrase?: string
  readonly mailFrom: string
  /** In order of preference; none stands for the outbox. */
  readonly smsVendors: readonly SmsVendor[]
  /** ISO 3166 codes of countries that are texted. */
  readonly smsCountries: readonly string[] | 'any'
  /** The share of used codes, 0 to 1, below which codes to a country are stopped; 0: never. */
  readonly smsConversionLeast: number
  readonly wechat: WechatConfig
  readonly passport: {
    readonly unsigned: boolean
    readonly debug: boolean
    readonly salt?: string
    readonly mobileChange?: 'checked' | 'proved'
  }
  /** In lower case, as `host` or `host:port`; that of `publicUrl` is among them. */
  readonly callbackHosts: readonly string[]
  readonly corsOrigins: readonly string[] | 'any'
  /** Names that a development server answers to besides its own. */
  readonly developmentHosts: readonly string[]
  readonly trustProxy: readonly string[]
  readonly timeZone: string
  readonly logLevel: string
  readonly workers: number
  readonly hashQueue: number
  /** How long a server that stops takes connections all the same. */
  readonly drainSeconds: number
  /** Who holds one of them may read the metrics; none: this machine alone. */
  readonly metricsTokens: readonly string[]
  readonly tracing?: TracingConfig
  /** Whether developers' pages are there: the start page, the console and the description of all methods. */
  readonly console: boolean
  /** Of each new hash. */
  readonly passwordCost: PasswordCost
  readonly consolePlace: ConsolePlace
  readonly passwordBlocklist: boolean
  /** Absent: by what the database is (gateway/services/sign-in/password-upgrade.ts). */
  readonly passwordUpgrade?: 'hold' | 'on'
  readonly registration: boolean
  readonly tokenHours: number
  readonly auditDays: number
  readonly codes: CodesConfig
  /** How often one number or address is told of one kind of change. */
  readonly notices: { readonly perHour: number; readonly perDay: number }
  /** How many in-site messages one user may send. */
  readonly messages: { readonly perMinute: number; readonly perDay: number }
  /** What pictures users may upload. */
  readonly uploads: { readonly allowed: boolean; readonly bytes: number; readonly perDay: number }
  /** Whether the check character of a tax number must be right (GB 32100). */
  readonly taxNumberCheck: boolean
  readonly ipLimitScale: number
}

/** How the configuration is loaded. */
export interface LoadOptions {
  /** False leaves the lists of absent keys empty, and touches no files. */
  readonly makeKeys?: boolean
}

function deepFreeze<T>(value: T): Readonly<T> {
  if (typeof value !== 'object' || value === null) return value
  for (const part of Object.values(value)) deepFreeze(part)
  return Object.freeze(value)
}

function keysOf(e: Environment, makeKeys: boolean): Pick<Config, 'dataKeys' | 'jwtSecrets'> {
  const isComplete = e.DATA_KEY !== undefined && e.JWT_SECRET !== undefined
  const made = isComplete || !makeKeys ? undefined : loadMadeKeys(e.DATA_DIR)
  return {
    dataKeys: [...(e.DATA_KEY ?? (made ? [made.dataKey] : []))],
    jwtSecrets: [...(e.JWT_SECRET ?? (made ? [made.jwtSecret] : []))],
  }
}

function corsOriginsOf(e: Environment): Config['corsOrigins'] {
  if (e.CORS_ORIGINS === undefined) return e.NODE_ENV === 'development' ? 'any' : []
  // As browsers print them: in lower case and without the usual port.
  const written = (origin: string) => (isShellOrigin(origin) ? origin.toLowerCase() : new URL(origin).origin)
  return [...new Set(e.CORS_ORIGINS.map(written))]
}

function networkOf(
  e: Environment,
): Pick<Config, 'publicUrl' | 'callbackHosts' | 'corsOrigins' | 'developmentHosts' | 'trustProxy'> {
  const url = new URL(e.PUBLIC_URL)
  const hosts = [...(e.CALLBACK_HOSTS ?? []).map((host) => host.toLowerCase()), url.host]
  return {
    publicUrl: url.href.replace(/\/+$/, ''),
    callbackHosts: [...new Set(hosts)],
    corsOrigins: corsOriginsOf(e),
    developmentHosts: [...(e.DEVELOPMENT_HOSTS ?? [])],
    trustProxy: [...(e.TRUST_PROXY ?? [])],
  }
}

function passportOf(e: Environment): Config['passport'] {
  return {
    unsigned: e.PASSPORT_UNSIGNED === 'allow',
    debug: e.PASSPORT_DEBUG,
    ...defined({ salt: e.PASSPORT_SALT, mobileChange: e.PASSPORT_MOBILE_CHANGE }),
  }
}

/**
 * The configuration that the environment asks for. Outside production, absent keys are made in
 * DATA_DIR on first use.
 *
 * @throws ConfigurationError listing every problem of the environment, or that of the keys file
 */
export function loadConfig(env?: NodeJS.ProcessEnv, options: LoadOptions = {}): Config {
  const e = withoutVendors(readEnvironment(env))
  return deepFreeze({
    environment: e.NODE_ENV,
    host: e.HOST,
    port: e.PORT,
    dataDir: e.DATA_DIR,
    database: databaseOf(e.DATABASE_URL),
    ...networkOf(e),
    ...keysOf(e, options.makeKeys ?? true),
    ...defined({
      redisUrl: e.REDIS_URL,
      smtpUrl: e.SMTP_URL,
      backupPassphrase: e.BACKUP_PASSPHRASE,
      passwordUpgrade: e.PASSWORD_UPGRADE,
    }),
    ...shopTokensOf(e),
    ...oldTokensOf(e),
    loginKeys: readLoginKeys(e.LOGIN_KEY ?? '') ?? [],
    metricsTokens: [...(e.METRICS_TOKEN ?? [])],
    ...tracingOf(e),
    ...captureOf(e),
    mailFrom: e.MAIL_FROM,
    smsVendors: smsVendorsOf(e),
    smsCountries: e.SMS_COUNTRIES.includes('any') ? 'any' : [...e.SMS_COUNTRIES],
    // What the outbox takes costs nobody anything.
    smsConversionLeast: e.SMS_PROVIDER.includes('outbox') ? 0 : e.SMS_CONVERSION_LEAST / 100,
    wechat: wechatOf(e),
    passport: passportOf(e),
    timeZone: e.TIME_ZONE,
    logLevel: e.LOG_LEVEL,
    dbTimeoutSeconds: e.DB_TIMEOUT,
    dbPool: e.DB_POOL,
    dbConnectionSeconds: e.DB_CONNECTION_AGE,
    workers: e.WORKERS,
    hashQueue: e.HASH_QUEUE,
    drainSeconds: e.DRAIN_SECONDS,
    console: e.CONSOLE,
    passwordCost: readPasswordCost(e.PASSWORD_COST) ?? usualPasswordCost,
    consolePlace: consolePlaceOf(e),
    passwordBlocklist: e.PASSWORD_BLOCKLIST,
    registration: e.REGISTRATION,
    tokenHours: e.TOKEN_HOURS,
    auditDays: e.AUDIT_DAYS,
    codes: codesOf(e),
    notices: { perHour: e.NOTICE_PER_HOUR, perDay: e.NOTICE_PER_DAY },
    messages: { perMinute: e.MESSAGE_PER_MINUTE, perDay: e.MESSAGE_PER_DAY },
    uploads: { allowed: e.UPLOADS, bytes: e.UPLOAD_MEGABYTES * 1024 ** 2, perDay: e.UPLOAD_PER_DAY },
    taxNumberCheck: e.TAX_NUMBER_CHECK,
    ipLimitScale: e.LIMIT_IP_SCALE,
  })
}
