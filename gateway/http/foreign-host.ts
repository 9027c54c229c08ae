import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIPv6 } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { isLoopback } from '../../config/formats.js'
import type { Services } from '../services/services.js'

/** Answers a request that was meant for another machine, and says whether it did. */
export type RefuseForeignHost = (request: IncomingMessage, response: ServerResponse) => boolean

/** Names that are warned of; a stranger can think of any number. */
const mostWarned = 100

/**
 * A development server has demo users, makes its own keys and shows what it sends. One that is asked by a name that is
 * none of this machine's stands behind a proxy or a tunnel, where strangers reach it, or a browser was led to it by
 * somebody's DNS: it refuses with 403 and says in the log what to set. Undefined outside development.
 */
export function createForeignHostRefusal({
  config,
  log,
}: Pick<Services, 'config' | 'log'>): RefuseForeignHost | undefined {
  if (config.environment !== 'development') return undefined
  const own = ownNames()
  for (const name of [new URL(config.publicUrl).hostname, ...config.developmentHosts]) own.add(bare(name))
  const warned = new Set<string>()
  return (request, response) => {
    const foreign = namesIn(request).find((name) => !isLocalName(name) && !own.has(name))
    if (foreign === undefined) return false
    const message = `a development server does not answer as ${foreign}: set NODE_ENV=production, or list the name in DEVELOPMENT_HOSTS`
    if (!warned.has(foreign) && warned.size < mostWarned) {
      warned.add(foreign)
      log.warn({}, message)
    }
    response.writeHead(403, {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
    })
    response.end(JSON.stringify({ code: 403, message }))
    return true
  }
}

/** The names a request was sent to: what the server is called, and what a proxy says that it was called. */
function namesIn({ headers }: IncomingMessage): string[] {
  const forwarded = headers['x-forwarded-host']
  const given = [headers.host, ...(typeof forwarded === 'string' ? forwarded.split(',') : (forwarded ?? []))]
  return given.flatMap((host) => (host?.trim() ? [bare(host)] : []))
}

/** In lower case, without port, brackets and the dot at the end; what is no host stays as it is. */
function bare(host: string): string {
  const text = isIPv6(host) ? `[${host}]` : host.trim().toLowerCase()
  const url = `http://${text}`
  const name = /[/@?#\\]/.test(text) || !URL.canParse(url) ? text : new URL(url).hostname
  return name.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
}

/** Browsers take every name below `localhost` for this machine (RFC 6761). */
function isLocalName(name: string): boolean {
  return isLoopback(name) || name.endsWith('.localhost')
}

function ownNames(): Set<string> {
  const addresses = Object.values(networkInterfaces()).flatMap((of) => of ?? [])
  return new Set([hostname().toLowerCase(), ...addresses.map(({ address }) => address.toLowerCase())])
}
