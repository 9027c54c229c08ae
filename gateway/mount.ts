import { Router } from 'express'
import type { Config } from '../config/config.js'
import { createGateway } from './gateway.js'
import { createForeignHostRefusal } from './http/foreign-host.js'
import { createShadowRefusal } from './http/admission/shadow-calls.js'
import { createRouter } from './router.js'
import { startServices } from './start/services.js'

export { type Config, loadConfig } from '../config/config.js'

/** A gateway inside of somebody's own Express application. */
export interface MountedGateway {
  /** Middleware for `app.use(router)` or `app.use('/passport', router)`. */
  readonly router: Router
  /** Lets go of the database and stops all background work; to be called when the application's server has closed. */
  close(): Promise<void>
}

/** What answers for users, where the rest of the application is not below the gateway's mount point. */
const ownPaths = /^\/(gateway|front|manage|outbox)(\/|$)/

/**
 * Starts a gateway to mount in an Express application; it has no server of its own.
 *
 *     const { router, close } = await mountGateway(loadConfig())
 *     app.use('/passport', router)
 *
 * It answers `/gateway`, `/gateway/NAME`, `/front/…`, `/manage/…`, its pages and `/token-check`, `/healthz`, `/readyz`, `/metrics` below its
 * mount point, and below a path also the mount point itself and, by CONSOLE, `/openapi.json`; everything else goes on to the application. Bodies that
 * `express.json()` or `express.urlencoded()` has parsed before are taken as they are, but a signature over a JSON
 * number like `1.0`, whose text is lost then, no longer fits.
 *
 * Brings the database up to date first. Throws when it can't be reached.
 */
export async function mountGateway(config: Config): Promise<MountedGateway> {
  const services = await startServices(config)
  const gateway = createGateway(services)
  const state = { closing: false }
  const router = Router({ caseSensitive: true })
  const refuseForeign = createForeignHostRefusal(services)
  if (refuseForeign)
    router.use((request, response, next) => {
      const isOurs = request.baseUrl !== '' || ownPaths.test(request.path)
      if (!isOurs || !refuseForeign(request, response)) next()
    })
  const refuseShadow = createShadowRefusal(services)
  if (refuseShadow)
    router.use((request, response, next) => {
      const isOurs = request.baseUrl !== '' || ownPaths.test(request.path)
      if (!isOurs || !refuseShadow(request, response)) next()
    })
  router.use(createRouter(gateway, services, { isDraining: () => state.closing }))
  return {
    router,
    close() {
      state.closing = true
      return services.close()
    },
  }
}
