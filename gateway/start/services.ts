import type { Config } from '../../config/config.js'
import { limitStatements, onServerChange } from '../../db/connect.js'
import { createDatabaseProbe } from '../../db/readiness.js'
import { writeSignInRecords } from '../../methods/rules/accounts/sign-in-records.js'
import type { Services } from '../services/services.js'
import { adoptShopUsers } from './shop-adoption.js'
import { startBackgroundWork } from './background-work.js'
import { openDatabase, poolOf } from './database.js'
import { keepReadOnlyRole } from './read-only-role.js'
import { refuseUnreadableIds, warnOfUnreadTokens } from './shop-token-key.js'
import { createApps } from '../services/apps/apps.js'
import { createCache } from '../services/cache.js'
import { drawSvgPicture } from '../services/captcha/svg.js'
import { type Clock, systemClock } from '../services/clock.js'
import { createCallWatches } from '../services/telemetry/call-watches.js'
import { createCallers } from '../services/telemetry/callers.js'
import { createDeliveryQueue } from '../services/delivery-queue.js'
import { createEventStreams } from '../services/live/event-streams.js'
import { fingerprintsOf } from '../services/keys/fingerprint.js'
import { createKeyWatch } from '../services/keys/key-watch.js'
import { createSealedValues } from '../services/keys/sealed-values.js'
import { createLog, type Log } from '../services/telemetry/log.js'
import { createLoginKey } from '../services/sign-in/login-key.js'
import { createLimits } from '../services/limits/create.js'
import { createMailer } from '../services/mail/create.js'
import { createMessageSignals } from '../services/live/message-signals.js'
import { createMetrics } from '../services/telemetry/metrics.js'
import { createTracing } from '../services/telemetry/tracing.js'
import { createNodeHistories } from '../services/telemetry/node-history.js'
import { createNodeMinutes } from '../services/telemetry/node-minutes.js'
import { createPermissions } from '../services/sign-in/permissions.js'
import { createPasswords } from '../services/sign-in/passwords.js'
import { oldServerOf, passwordUpgradeOf } from '../services/sign-in/password-upgrade.js'
import { connectRedisDrops } from '../services/redis-drops.js'
import { createSessions } from '../services/sign-in/sessions.js'
import { createSignInRecords } from '../services/sign-in/sign-in-records.js'
import { createSmsSender } from '../services/sms/senders.js'
import { createVault } from '../services/vault.js'
import { createWechat } from '../services/wechat/create.js'
import { defined } from '../wire/defined-fields.js'

export interface RunningServices extends Services {
  /** Finishes what is under way and lets go of every connection. */
  close(): Promise<void>
}

/** What tests replace, and who is told how far a long start is. */
export interface Replacements {
  readonly clock?: Clock
  readonly log?: Log
  /** Told what is being done, while a shop is taken over. */
  readonly show?: (step: string) => void
}

/** Long enough for a database that answers; a balancer does not ask for longer. */
const probeMilliseconds = 2000
/** Said of the first such token. */
const lateTokens = 'OLD_TOKEN_UNTIL is over: tokens of the old server are no longer taken'

/** The composition root: brings the database up to date and starts every service. Throws when one can't start. */
export async function startServices(
  config: Config,
  replacements: Replacements = {},
): Promise<RunningServices> {
  const log = replacements.log ?? createLog(config.logLevel)
  const db = await openDatabase(config, log, replacements.show)
  try {
    const services = await createServices(config, { ...replacements, db, log })
    if (config.console) await keepReadOnlyRole(services)
    return { ...services, close: startBackgroundWork(services) }
  } catch (error) {
    await db.destroy()
    throw error
  }
}

type Given = Replacements & Pick<Services, 'db' | 'log'>

async function createServices(config: Config, { db, log, show, ...given }: Given): Promise<Services> {
  const clock = given.clock ?? systemClock
  const metrics = createMetrics()
  const nodeMinutes = createNodeMinutes({ db, clock, log, metrics, isOn: config.console })
  const keyWatch = await createKeyWatch({
    db,
    clock,
    log,
    node: nodeMinutes,
    fingerprints: fingerprintsOf(config),
    isAlone: config.database.kind === 'sqlite',
  })
  const vault = createVault(config.dataKeys, () => keyWatch.writing('DATA_KEY'))
  await adoptShopUsers({ db, log, clock, vault, wechat: config.wechat }, defined({ show }))
  await warnOfUnreadTokens({ db, log, config })
  await refuseUnreadableIds({ db, log, config })
  limitStatements(db, config.dbTimeoutSeconds * 1000)
  onServerChange(db, (address) => log.warn({ address }, 'calls go to another server of the database'))
  const { redisUrl } = config
  const cache = createCache(redisUrl === undefined ? undefined : await connectRedisDrops(redisUrl, log))
  const sessions = createSessions({
    ...config,
    signing: () => keyWatch.writing('JWT_SECRET'),
    onLateToken: () => log.warn({ names: ['OLD_TOKEN_UNTIL'] }, lateTokens),
    db,
    cache,
    clock,
  })
  return {
    config,
    db,
    log,
    clock,
    vault,
    keyWatch,
    apps: await createApps({ db, vault, log }),
    sealedValues: await createSealedValues({ db, vault, log, dataKeys: config.dataKeys }),
    cache,
    passwords: createPasswords({
      queueLength: config.hashQueue,
      workers: config.workers,
      upgrade: await passwordUpgradeOf({ db, config }),
      oldServer: await oldServerOf(db),
      cost: config.passwordCost,
    }),
    loginKey: createLoginKey({
      db,
      vault,
      clock,
      loginKeys: config.loginKeys,
      giving: () => keyWatch.writing('LOGIN_KEY'),
    }),
    drawCaptcha: drawSvgPicture,
    sessions,
    signInRecords: createSignInRecords({ write: (records) => writeSignInRecords({ db }, records), log }),
    permissions: createPermissions({ db, cache }),
    sms: createSmsSender(config.smsVendors, { db, clock, log, metrics }),
    mailer: await createMailer(config, db, clock),
    queue: createDeliveryQueue({ db, clock, log }),
    messageSignals: createMessageSignals({ db, cache, log }),
    eventStreams: createEventStreams({ sessions, clock, log }),
    metrics,
    tracing: await createTracing(config.tracing),
    nodeMinutes,
    nodeHistories: createNodeHistories({ db, clock, nodeMinutes }),
    callWatches: createCallWatches({ db, cache, clock, log, isOn: config.console }),
    callers: createCallers({ db, clock, log, metrics }),
    ...(await createLimits(config, { db, clock, log, metrics })),
    databaseProbe: createDatabaseProbe(config.database, db, {
      ...poolOf(config),
      milliseconds: probeMilliseconds,
    }),
    wechat: createWechat(config.wechat, {
      db,
      vault,
      clock,
      log,
      metrics,
      isCaptured: config.capture !== undefined,
    }),
  }
}
