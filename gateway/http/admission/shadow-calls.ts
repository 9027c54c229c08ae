import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Services } from '../../services/services.js'

/** Answers a copy of somebody's call that this server must not take, and says whether it did. */
export type RefuseShadow = (request: IncomingMessage, response: ServerResponse) => boolean

/**
 * Copies of users' calls (`X-Shadow`, docs/move.md) are for a captured server: any other would text and mail those users
 * a second time. It refuses them with 412 before it looks at anything else. Undefined for a captured server.
 */
export function createShadowRefusal({ config }: Pick<Services, 'config'>): RefuseShadow | undefined {
  if (config.capture) return undefined
  return (request, response) => {
    if (request.headers['x-shadow'] === undefined) return false
    const message = 'this server sends what it is told to send: a shadow needs OUTSIDE=captured'
    response.writeHead(412, {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
      Connection: 'close',
    })
    response.end(JSON.stringify({ code: 412, message }))
    return true
  }
}
