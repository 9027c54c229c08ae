import type { Knex } from 'knex'
import type { DatabaseProbe } from '../../db/readiness.js'
import type { Config } from '../../config/config.js'
import type { Apps } from './apps/apps.js'
import type { Cache } from './cache.js'
import type { DrawPicture } from './captcha/picture.js'
import type { Clock } from './clock.js'
import type { EventStreams } from './live/event-streams.js'
import type { AuditBudget } from './limits/audit-budget.js'
import type { CodeConversion } from './limits/code-conversion.js'
import type { FloodWindow } from './limits/flood-window.js'
import type { FullLimits } from './limits/full-limits.js'
import type { IpBlocks } from './limits/ip-blocks.js'
import type { Limiter } from './limits/limiter.js'
import type { CallWatches } from './telemetry/call-watches.js'
import type { Callers } from './telemetry/callers.js'
import type { Log } from './telemetry/log.js'
import type { LoginKey } from './sign-in/login-key.js'
import type { Mailer } from './mail/mailer.js'
import type { MessageSignals } from './live/message-signals.js'
import type { Metrics } from './telemetry/metrics.js'
import type { Tracing } from './telemetry/tracing.js'
import type { NodeHistories } from './telemetry/node-history.js'
import type { NodeMinutes } from './telemetry/node-minutes.js'
import type { Permissions } from './sign-in/permissions.js'
import type { Passwords } from './sign-in/passwords.js'
import type { DeliveryQueue } from './delivery-queue.js'
import type { SendBudget } from './limits/send-budget.js'
import type { Sessions } from './sign-in/sessions.js'
import type { SignInRecords } from './sign-in/sign-in-records.js'
import type { SmsSender } from './sms/sms-sender.js'
import type { BrownOuts } from './limits/brown-outs.js'
import type { Turns } from './limits/turns.js'
import type { Vault } from './vault.js'
import type { KeyWatch } from './keys/key-watch.js'
import type { SealedValues } from './keys/sealed-values.js'
import type { Wechat } from './wechat/wechat.js'

/** What handlers and rules may use of the outside world; made once in the composition root. */
export interface Services {
  readonly config: Config
  readonly db: Knex
  /** Written with every transaction of this call, where it has an `Idempotency-Key` (`transaction`). */
  readonly beforeCommit?: (services: { readonly db: Knex.Transaction }) => Promise<void>
  readonly log: Log
  readonly clock: Clock
  readonly vault: Vault
  readonly keyWatch: KeyWatch
  readonly sealedValues: SealedValues
  readonly cache: Cache
  readonly flood: FloodWindow
  readonly limiter: Limiter
  readonly fullLimits: FullLimits
  readonly auditBudget: AuditBudget
  readonly passwords: Passwords
  readonly loginKey: LoginKey
  readonly drawCaptcha: DrawPicture
  /** What costs a hash and belongs to one user or one mailed token, and sends to one address, are done one after the other. */
  readonly turns: Turns
  readonly sessions: Sessions
  readonly signInRecords: SignInRecords
  readonly permissions: Permissions
  readonly apps: Apps
  readonly ipBlocks: IpBlocks
  readonly brownOuts: BrownOuts
  readonly sms: SmsSender
  readonly mailer: Mailer
  readonly queue: DeliveryQueue
  readonly messageSignals: MessageSignals
  readonly eventStreams: EventStreams
  readonly metrics: Metrics
  readonly tracing: Tracing
  readonly nodeMinutes: NodeMinutes
  readonly nodeHistories: NodeHistories
  readonly callWatches: CallWatches
  readonly callers: Callers
  readonly sendBudget: SendBudget
  readonly codeConversion: CodeConversion
  readonly databaseProbe: DatabaseProbe
  readonly wechat: Wechat
}
