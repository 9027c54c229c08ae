import { noticeDeliveries } from '../../methods/rules/mail/notices.js'
import { countFormsDaily } from '../../methods/rules/observation/password-forms.js'
import { createEventDelivery } from '../../methods/rules/wechat/event-delivery.js'
import type { Services } from '../services/services.js'
import { shareMetrics } from './cluster-metrics.js'
import { keepHouse } from './housekeeping.js'
import { showState } from './watched-state.js'

const housekeepingMilliseconds = 10 * 60_000

/** Starts what runs beside the calls. Returns what finishes it and lets go of every connection. */
export function startBackgroundWork(services: Services): () => Promise<void> {
  const { queue, metrics, signInRecords, eventStreams, db, log } = services
  services.keyWatch.start()
  queue.start({ ...noticeDeliveries(services), 'wechat-event': createEventDelivery(services) })
  shareMetrics(metrics.registry)
  metrics.expectSends('mail', services.mailer.provider)
  showState(services)
  const timer = setInterval(() => {
    keepHouse(services).catch((error: unknown) => log.warn({ error }, 'expired rows could not be deleted'))
    countFormsDaily(services).catch((error: unknown) =>
      log.warn({ error }, 'forms of passwords could not be counted'),
    )
  }, housekeepingMilliseconds)
  timer.unref()
  return async () => {
    clearInterval(timer)
    eventStreams.close()
    services.messageSignals.close()
    services.apps.close()
    services.ipBlocks.close()
    services.brownOuts.close()
    services.codeConversion.close()
    services.callWatches.close()
    // Beside each other: a database that hangs is waited for once, and no longer than who stops the server waits.
    await Promise.all([
      services.callers.close(),
      queue.stop(),
      signInRecords.close(),
      services.keyWatch.close(),
    ])
    await services.nodeMinutes.close()
    services.mailer.close()
    services.cache.close()
    await services.databaseProbe.close()
    await db.destroy()
    await services.tracing.close()
    metrics.close()
    log.close()
  }
}
