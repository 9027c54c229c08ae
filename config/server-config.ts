import type { CodesConfig } from './codes.js'
import type { ConsolePlace } from './console.js'
import type { CaptureConfig } from './outside.js'
import type { PasswordCost } from './password-cost.js'
import type { OldTokensConfig, ShopTokensConfig } from './shop.js'
import type { SmsVendor } from './sms/vendors.js'
import type { DatabaseConfig } from './urls/database-url.js'
import type { TracingConfig } from './variables/tracing.js'
import type { WechatConfig } from './wechat.js'

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
