import { timingSafeEqual, createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Request, Router } from 'express'
import { requireWritable } from '../db/readiness.js'
import { readMetrics } from './start/cluster-metrics.js'
import { createGuardHandler } from './http/guarded.js'
import { isLocalCall } from './http/local-call.js'
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
    const database = await isDatabaseUp(services)
    const ready = database && !readiness.isDraining()
    const state = { status: ready ? 'ready' : 'not ready', database, draining: readiness.isDraining() }
    // Redis only makes other nodes see changes sooner: without it the gateway still answers.
    response.status(ready ? 200 : 503).set('Cache-Control', 'no-store')
    response.json({ ...state, redis: services.cache.isHealthy() })
  })
  router.get('/metrics', async (request, response) => {
    if (!mayReadMetrics(request, services.config.metricsToken)) {
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

/** Long enough for a database that answers; a balancer does not ask for longer. */
const mostMilliseconds = 2000

/** Whether it takes writes, by one that changes nothing: at a fail-over there is one that only reads. */
async function isDatabaseUp({ db }: Services): Promise<boolean> {
  const write = requireWritable(db).then(
    () => true,
    () => false,
  )
  const late = sleep(mostMilliseconds, false, { ref: false })
  return Promise.race([write, late])
}

function mayReadMetrics(request: Request, token: string | undefined): boolean {
  // A proxy on this machine that adds no headers makes everybody local, so a token is asked of everybody.
  if (token === undefined) return isLocalCall(request)
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const given = (request.headers.authorization ?? '').replace(/^Bearer\s+/i, '')
  return timingSafeEqual(digest(given), digest(token))
}
