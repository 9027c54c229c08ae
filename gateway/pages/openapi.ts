import { promisify } from 'node:util'
import { gunzip as gunzipWithCallback, gzip as gzipWithCallback } from 'node:zlib'
import { Router } from 'express'
import type { CompiledTable } from '../contract/compile-table.js'
import { createCors } from '../http/cors.js'
import { createGuardHandler } from '../http/guarded.js'
import type { Services } from '../services/services.js'

const gzip = promisify(gzipWithCallback)
const gunzip = promisify(gunzipWithCallback)

export const descriptionPath = '/openapi.json'

/**
 * `/openapi.json`: all methods as OpenAPI 3.1, for people and tools. The first request makes it, and it is kept packed:
 * a server that nobody asks for it pays nothing.
 */
export function createOpenApiPage(table: CompiledTable, services: Services): Router {
  const { publicUrl, corsOrigins } = services.config
  const cors = createCors(corsOrigins)
  let packed: Promise<Buffer> | undefined
  const router = Router()
  router.get(descriptionPath, createGuardHandler(services), async (request, response) => {
    packed ??= packDescription(table, publicUrl)
    const headers = cors(request.headers) ?? []
    for (let at = 0; at < headers.length; at += 2) response.set(headers[at] ?? '', headers[at + 1] ?? '')
    response.type('application/json').set('Cache-Control', 'no-cache').vary('Accept-Encoding')
    if (request.acceptsEncodings('gzip')) response.set('Content-Encoding', 'gzip').send(await packed)
    else response.send(await gunzip(await packed))
  })
  return router
}

async function packDescription(table: CompiledTable, publicUrl: string): Promise<Buffer> {
  const { describeGateway } = await import('../openapi/document.js')
  return gzip(JSON.stringify(describeGateway(table, publicUrl)))
}
