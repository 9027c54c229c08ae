import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type NextFunction, type Request, type Response, Router } from 'express'
import { createGuardHandler } from '../http/guarded.js'
import { isLocalCall } from '../http/local-call.js'
import { unsignedCaller } from '../services/apps/unsigned-caller.js'
import type { Services } from '../services/services.js'
import { type ConsoleGateway, createConsoleApi } from './api/api.js'
import { consoleFolder } from './console-folder.js'

const types = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
} as const

/** A file of the page: the build names those that are loaded when they are needed by what is in them. */
const fileName = /^[\w-]+\.(js|css)$/

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
 * `/console`: the page that shows the methods, calls them, examines signatures and lets administrators operate, as static
 * files that the build made. Files are read and packed when first asked for, and kept.
 */
export function createConsole(gateway: ConsoleGateway, services: Services): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const guard = createGuardHandler(services)
  const listFiles = once(async () => new Set(await readdir(consoleFolder())))
  const files = new Map<string, () => Promise<PageFile>>()
  const send = async (name: string, request: Request, response: Response, next: NextFunction) => {
    // Only what is there is remembered, whatever callers ask for.
    if (!(await listFiles()).has(name)) return next()
    const read = files.get(name) ?? once(() => readPacked(name))
    files.set(name, read)
    sendFile(name, await read(), { request, response })
  }
  router.get('/console', guard, (request, response, next) => send('index.html', request, response, next))
  router.use('/console/api', createConsoleApi(gateway, services))
  router.get('/console/applications.json', guard, (request, response) =>
    tellApplications(services, request, response),
  )
  router.get('/console/:file', guard, (request, response, next) => {
    const file = request.path.slice('/console/'.length)
    return fileName.test(file) ? send(file, request, response, next) : next()
  })
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

interface PageFile {
  readonly plain: Buffer
  readonly packed: Buffer
}

async function readPacked(name: string): Promise<PageFile> {
  const plain = await readFile(join(consoleFolder(), name))
  return { plain, packed: await promisify(gzip)(plain, { level: 9 }) }
}

function sendFile(
  name: string,
  { plain, packed }: PageFile,
  { request, response }: { readonly request: Request; readonly response: Response },
): void {
  const type = types[name.slice(name.lastIndexOf('.') + 1) as keyof typeof types]
  const isPacked = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  response.set(headers).set({ 'Content-Type': type, Vary: 'Accept-Encoding' })
  if (isPacked) response.set('Content-Encoding', 'gzip')
  response.end(isPacked ? packed : plain)
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
