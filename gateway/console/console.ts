import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type Request, type Response, Router } from 'express'
import { createGuardHandler } from '../http/guarded.js'
import { isLocalCall } from '../http/local-call.js'
import { unsignedCaller } from '../services/apps/unsigned-caller.js'
import type { Services } from '../services/services.js'
import { consoleFolder } from './console-folder.js'

/** The files of the page by their paths. */
const files = {
  '/console': ['index.html', 'text/html; charset=utf-8'],
  '/console/main.js': ['main.js', 'text/javascript; charset=utf-8'],
  '/console/main.css': ['main.css', 'text/css; charset=utf-8'],
} as const

/** Scripts and styles of our own only, nothing inline, nobody else asked, no frame around it. */
const headers = {
  'Cache-Control': 'no-cache',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
}

/**
 * `/console`: the page that shows the methods, calls them and examines signatures, as static files that the build made.
 * It knows what `/openapi.json` says. Files are read and packed when first asked for, and kept.
 */
export function createConsole(services: Services): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const guard = createGuardHandler(services)
  for (const [path, [name, type]] of Object.entries(files)) {
    const contents = once(async () => {
      const plain = await readFile(join(consoleFolder(), name))
      return { plain, packed: await promisify(gzip)(plain, { level: 9 }) }
    })
    router.get(path, guard, async (request, response) => {
      const { plain, packed } = await contents()
      const isPacked = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
      response.set(headers).set({ 'Content-Type': type, Vary: 'Accept-Encoding' })
      if (isPacked) response.set('Content-Encoding', 'gzip')
      response.end(isPacked ? packed : plain)
    })
  }
  router.get('/console/applications.json', guard, (request, response) =>
    tellApplications(services, request, response),
  )
  return router
}

/**
 * The application that unsigned calls of a development server count as, with its secret, told to whom these are allowed:
 * the machine's own user. It opens no more than they do. Others are told of none.
 */
function tellApplications({ config, apps }: Services, request: Request, response: Response): void {
  const isOwn = config.passport.unsigned && isLocalCall(request)
  const shown = isOwn ? [unsignedCaller(apps)].filter(({ enabled }) => enabled) : []
  response
    .set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
    .json(shown.flatMap(({ name, scheme, secrets: [secret] }) => (secret ? [{ name, scheme, secret }] : [])))
}

/** Does work when it is first asked for; again after a failure. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined
  return () => {
    result ??= work().catch((error: unknown) => {
      result = undefined
      throw error
    })
    return result
  }
}
