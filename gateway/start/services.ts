import type { Config } from '../../config/config.js'
import { connect, limitStatements } from '../../db/connect.js'
import { migrate } from '../../db/migrate.js'
import { openForms } from '../../db/open.js'
import { createDatabaseProbe } from '../../db/readiness.js'
import { findForms } from '../../db/shop/forms.js'
import { shareMetrics } from './cluster-metrics.js'
import { noticeDeliveries } from '../../methods/rules/mail/notices.js'
import { writeSignInRecords } from '../../methods/rules/accounts/sign-in-records.js'
import { createEventDelivery } from '../../methods/rules/wechat/event-delivery.js'
import { keepHouse } from './housekeeping.js'
import type { Services } from '../services/services.js'
import { adoptShopUsers } from './shop-adoption.js'
import { keepReadOnlyRole } from './read-only-role.js'
import { refuseUnreadableIds, warnOfUnreadTokens } from './shop-token-key.js'
import { createApps } from '../services/apps/apps.js'
import { createCache } from '../services/cache.js'
import { drawSvgPicture } from '../services/captcha/svg.js'
import { type Clock, systemClock } from '../services/clock.js'
import { createAuditBudget } from '../services/limits/audit-budget.js'
import { createAppCallers } from '../services/telemetry/app-callers.js'
import { createCallWatches } from '../services/telemetry/call-watches.js'
import { createCredentialCallers } from '../services/telemetry/credential-callers.js'
import { createCodeConversion } from '../services/limits/code-conversion.js'
import { createDeliveryQueue } from '../services/delivery-queue.js'
import { createEventStreams } from '../services/live/event-streams.js'
import { createFloodWindow } from '../services/limits/flood-window.js'
import { createIpBlocks } from '../services/limits/ip-blocks.js'
import { createLimiter } from '../services/limits/limiter.js'
import { createLog, type Log } from '../services/telemetry/log.js'
import { createLoginKey } from '../services/sign-in/login-key.js'
import { createMessageSignals } from '../services/live/message-signals.js'
import { createMetrics } from '../services/telemetry/metrics.js'
import { createNodeHistories } from '../services/telemetry/node-history.js'
import { createNodeMinutes } from '../services/telemetry/node-minutes.js'
import type { Mailer } from '../services/mail/mailer.js'
import { createAbsentMailer, createMailOutbox } from '../services/mail/outbox.js'
import { createPermissions } from '../services/sign-in/permissions.js'
import { createPasswords } from '../services/sign-in/passwords.js'
import { passwordUpgradeOf } from '../services/sign-in/password-upgrade.js'
import { createSmtpMailer } from '../services/mail/smtp.js'
import { connectRedisDrops } from '../services/redis-drops.js'
import { createSendBudget } from '../services/limits/send-budget.js'
import { createSessions } from '../services/sign-in/sessions.js'
import { createSignInRecords } from '../services/sign-in/sign-in-records.js'
import { createSmsSender } from '../services/sms/senders.js'
import { createTurns } from '../services/limits/turns.js'
import { createVault } from '../services/vault.js'
import { createWechat } from '../services/wechat/create.js'

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

/** Requests an address may make, whatever they ask for: back ends of legacy sites share one. */
const floodRequests = 20_000
const floodSeconds = 10
const housekeepingMilliseconds = 10 * 60_000
/** Long enough for a database that answers; a balancer does not ask for longer. */
const probeMilliseconds = 2000
/** Calls that may wait for their turn with one user or token; they cost nothing but memory. */
const mostTurns = 1000

/** The composition root: brings the database up to date and starts every service. Throws when one can't start. */
export async function startServices(
  config: Config,
  replacements: Replacements = {},
): Promise<RunningServices> {
  const clock = replacements.clock ?? systemClock
  const log = replacements.log ?? createLog(config.logLevel)
  const pool = { poolSize: config.dbPool, connectionLifetime: config.dbConnectionSeconds * 1000 }
  let db = connect(config.database, pool)
  try {
    // A shop whose times cannot be read is refused before anything is changed.
    if (config.database.kind === 'mysql') await findForms(db, config.timeZone)
    const migrations = await migrate(db, replacements.show)
    if (migrations.length > 0) log.info({ names: migrations }, 'the database was brought up to date')
    db = await openForms(db, config.database, { ...pool, timeZone: config.timeZone })
    const vault = createVault(config.dataKeys)
    await adoptShopUsers(
      { db, log, clock, vault, wechat: config.wechat },
      replacements.show ? { show: replacements.show } : {},
    )
    await warnOfUnreadTokens({ db, log, config })
    await refuseUnreadableIds({ db, log, config })
    limitStatements(db, config.dbTimeoutSeconds * 1000)
    const { redisUrl } = config
    const cache = createCache(redisUrl === undefined ? undefined : await connectRedisDrops(redisUrl, log))
    const apps = await createApps({ db, vault, log })
    const ipBlocks = await createIpBlocks({ db, clock, log })
    const metrics = createMetrics()
    const sessions = createSessions({ ...config, db, cache, clock })
    const nodeMinutes = createNodeMinutes({ db, clock, log, metrics, isOn: config.console })
    const services: Services = {
      config,
      db,
      log,
      clock,
      vault,
      cache,
      apps,
      ipBlocks,
      flood: createFloodWindow(floodRequests * config.ipLimitScale, floodSeconds, clock),
      limiter: createLimiter(config.ipLimitScale),
      auditBudget: createAuditBudget(config.ipLimitScale, clock, log),
      passwords: createPasswords({
        queueLength: config.hashQueue,
        workers: config.workers,
        upgrade: await passwordUpgradeOf({ db, config }),
        cost: config.passwordCost,
      }),
      loginKey: createLoginKey({ db, vault, clock }),
      drawCaptcha: drawSvgPicture,
      turns: createTurns(mostTurns),
      sessions,
      signInRecords: createSignInRecords({ write: (records) => writeSignInRecords({ db }, records), log }),
      permissions: createPermissions({ db, cache }),
      sms: createSmsSender(config.smsVendors, { db, clock, log, metrics }),
      mailer: await createMailer(config, db, clock),
      queue: createDeliveryQueue({ db, clock, log }),
      messageSignals: createMessageSignals({ db, cache, log }),
      eventStreams: createEventStreams({ sessions, clock, log }),
      metrics,
      nodeMinutes,
      nodeHistories: createNodeHistories({ db, clock, nodeMinutes }),
      callWatches: createCallWatches({ db, cache, clock, log, isOn: config.console }),
      credentialCallers: createCredentialCallers({ db, clock, log }),
      appCallers: createAppCallers({ db, clock, log }),
      sendBudget: createSendBudget({ perDay: config.codes.perDay, clock, log, metrics }),
      codeConversion: createCodeConversion({ db, clock, log, metrics, least: config.smsConversionLeast }),
      databaseProbe: createDatabaseProbe(config.database, db, { ...pool, milliseconds: probeMilliseconds }),
      wechat: createWechat(config.wechat, { db, vault, clock, log, metrics }),
    }
    if (config.console) await keepReadOnlyRole(services)
    return { ...services, close: startBackgroundWork(services) }
  } catch (error) {
    await db.destroy()
    throw error
  }
}

async function createMailer(config: Config, db: Services['db'], clock: Clock): Promise<Mailer> {
  if (config.smtpUrl !== undefined) return createSmtpMailer(config.smtpUrl, config.mailFrom)
  return config.environment === 'production' ? createAbsentMailer() : createMailOutbox(db, clock)
}

function startBackgroundWork(services: Services): () => Promise<void> {
  const { queue, metrics, passwords, signInRecords, eventStreams, db, log } = services
  queue.start({ ...noticeDeliveries(services), 'wechat-event': createEventDelivery(services) })
  shareMetrics(metrics.registry)
  metrics.watch(
    'gateway_hashes_running',
    'Password hashes being computed',
    () => passwords.pressure().running,
  )
  metrics.watch(
    'gateway_hashes_waiting',
    'Password hashes waiting for a core',
    () => passwords.pressure().waiting,
  )
  metrics.watch('gateway_hashes_done', 'Password hashes since the start', () => passwords.pressure().done)
  metrics.watch(
    'gateway_sign_in_records_waiting',
    'Records of sign-ins that are not in the database yet',
    () => signInRecords.waiting(),
  )
  metrics.watch('gateway_streams_open', 'Event streams that clients hold open', () => eventStreams.count())
  const timer = setInterval(() => {
    keepHouse(services).catch((error: unknown) => log.warn({ error }, 'expired rows could not be deleted'))
  }, housekeepingMilliseconds)
  timer.unref()
  return async () => {
    clearInterval(timer)
    eventStreams.close()
    services.messageSignals.close()
    services.apps.close()
    services.ipBlocks.close()
    services.codeConversion.close()
    services.callWatches.close()
    await services.credentialCallers.close()
    await services.appCallers.close()
    await queue.stop()
    await signInRecords.close()
    await services.nodeMinutes.close()
    services.mailer.close()
    services.cache.close()
    await services.databaseProbe.close()
    await db.destroy()
    metrics.close()
    log.close()
  }
}
