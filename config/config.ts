import { codesOf } from './codes.js'
import { defined } from '../gateway/wire/defined-fields.js'
import { consolePlaceOf } from './console.js'
import { databaseOf } from './urls/database-url.js'
import { type Environment, readEnvironment } from './env.js'
import { networkOf } from './network.js'
import { captureOf, withoutVendors } from './outside.js'
import { readLoginKeys } from './secrets/login-keys.js'
import { loadMadeKeys } from './secrets/made-keys.js'
import { readPasswordCost, usualPasswordCost } from './password-cost.js'
import type { Config } from './server-config.js'
import { oldTokensOf, shopTokensOf } from './shop.js'
import { smsVendorsOf } from './sms/vendors.js'
import { tracingOf } from './variables/tracing.js'
import { wechatOf } from './wechat.js'

export type { Config } from './server-config.js'
export type { ConfigRow } from './describe.js'
export { describeConfig } from './describe.js'
export type { AliyunAccount, SmsVendor, TencentAccount } from './sms/vendors.js'
export type { SmsTemplate, SmsTemplateIds } from './sms/templates.js'
export type { WechatAccount, WechatConfig, WechatOfficialAccount, WechatWebAccount } from './wechat.js'

/** How the configuration is loaded. */
export interface LoadOptions {
  /** False leaves the lists of absent keys empty, and touches no files. */
  readonly makeKeys?: boolean
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

function keysOf(e: Environment, makeKeys: boolean): Pick<Config, 'dataKeys' | 'jwtSecrets'> {
  const isComplete = e.DATA_KEY !== undefined && e.JWT_SECRET !== undefined
  const made = isComplete || !makeKeys ? undefined : loadMadeKeys(e.DATA_DIR)
  return {
    dataKeys: [...(e.DATA_KEY ?? (made ? [made.dataKey] : []))],
    jwtSecrets: [...(e.JWT_SECRET ?? (made ? [made.jwtSecret] : []))],
  }
}

function passportOf(e: Environment): Config['passport'] {
  return {
    unsigned: e.PASSPORT_UNSIGNED === 'allow',
    debug: e.PASSPORT_DEBUG,
    ...defined({ salt: e.PASSPORT_SALT, mobileChange: e.PASSPORT_MOBILE_CHANGE }),
  }
}

function deepFreeze<T>(value: T): Readonly<T> {
  if (typeof value !== 'object' || value === null) return value
  for (const part of Object.values(value)) deepFreeze(part)
  return Object.freeze(value)
}
