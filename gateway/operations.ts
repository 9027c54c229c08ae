import { Router } from 'express'
import { isPoolFull } from '../db/knex-internals.js'
import { readMetrics } from './start/cluster-metrics.js'
import { createGuardHandler } from './http/guarded.js'
import { holdsToken } from './http/admission/token-holder.js'
import type { Services } from './services/services.js'

/** Whether this process takes new calls; false once it drains. */
export interface Readiness {
  isDraining(): boolean
}

/** `/healthz`, `/readyz` and `/metrics`: for orchestrators, balancers and Prometheus. */
export function createOperationsRouter(services: Services, readiness: Readiness): Router {
  const router = Router()
  router.use(['/healthz', '/readyz', '/metrics'], createGuardHandler(services))
  router.get('/healthz', (_, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok' })
  })
  router.get('/readyz', async (_, response) => {
    const { database, reason } = await findState(services)
    const draining = readiness.isDraining()
    const ready = reason === undefined && !draining
    // Redis only makes other nodes see changes sooner: without it the gateway still answers.
    response.status(ready ? 200 : 503).set('Cache-Control', 'no-store')
    response.json({
      status: ready ? 'ready' : 'not ready',
      database,
      draining,
      redis: services.cache.isHealthy(),
      ...(reason === undefined ? {} : { reason }),
      // Loud where users would get nothing of what they wait for.
      ...(services.config.capture ? { outside: 'captured' } : {}),
      // Told, and no reason: other calls are served.
      ...(services.sealedValues.unreadable.length > 0 ? { sealed: services.sealedValues.unreadable } : {}),
      // Told, and no reason: calls answered from memory are, and where all nodes left at once nobody would be.
      ...(isPoolFull(services.db) ? { pool: 'full' } : {}),
    })
  })
  router.get('/metrics', async (request, response) => {
    if (!holdsToken(request, services.config.metricsTokens)) {
      response
        .status(403)
        .type('text/plain')
        .send('metrics are for this machine, or for who holds METRICS_TOKEN once it is set\n')
      return
    }
    const { registry } = services.metrics
    response
      .set({ 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' })
      .send(await readMetrics(registry))
  })
  return router
}

/** Why calls can't be served, if so. */
async function findState({ databaseProbe, apps }: Services): Promise<{ database: boolean; reason?: string }> {
  const unready = await databaseProbe.ask()
  if (unready !== undefined) return { database: false, reason: unready }
  return apps.areAllSealed() ? { database: true, reason: 'DATA_KEY missing' } : { database: true }
}
