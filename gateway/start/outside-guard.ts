import { Socket } from 'node:net'
import type { Config } from '../../config/config.js'
import { urlsByHost } from '../../config/urls/several-hosts.js'

/** Usual ports of what a captured server is connected with. */
const usualPorts: Readonly<Record<string, string>> = { 'mysql:': '3306', 'redis:': '6379', 'rediss:': '6379' }

/** The database and Redis, as `host:port`. */
export function ownPlaces({ database, redisUrl }: Pick<Config, 'database' | 'redisUrl'>): Set<string> {
  const databases = database.kind === 'mysql' ? [database.url, ...(database.fallbackUrls ?? [])] : []
  return new Set(
    [...databases, ...(redisUrl === undefined ? [] : urlsByHost(redisUrl))].map((text) => {
      const { hostname, port, protocol } = new URL(text)
      return placeOf(hostname.replace(/^\[(.*)\]$/, '$1'), port || usualPorts[protocol])
    }),
  )
}

function placeOf(host: unknown, port: unknown): string {
  return `${String(host).toLowerCase()}:${String(port)}`
}

/**
 * From now on this process connects to these places alone, whatever opens the connection: every TCP and TLS socket of
 * Node.js is connected by one function, which is replaced here. Sockets of this machine's file system are no way out.
 * What is refused fails as an unreachable server does, and is told to `refused`.
 */
export function refuseConnections(allowed: ReadonlySet<string>, refused: (place: string) => void): void {
  // oxlint-disable-next-line typescript/unbound-method -- it is called on the socket that it was called on
  const { connect } = Socket.prototype
  function connectInside(this: Socket, ...given: unknown[]): Socket {
    const place = targetOf(given)
    if (place === undefined || allowed.has(place)) return Reflect.apply(connect, this, given)
    refused(place)
    process.nextTick(() => this.destroy(new Error(`captured: no connection to ${place}`)))
    return this
  }
  Object.assign(Socket.prototype, { connect: connectInside })
}

/** Where a socket is to be connected to, of all the ways to call `connect`; undefined for a file of this machine. */
function targetOf(given: readonly unknown[]): string | undefined {
  // `net.connect` hands on what it was given as one list.
  const [first, second] = Array.isArray(given[0]) ? given[0] : given
  if (typeof first === 'object' && first !== null) {
    const { path, host, port } = first as { path?: unknown; host?: unknown; port?: unknown }
    return path ? undefined : placeOf(host ?? 'localhost', port)
  }
  if (typeof first === 'string' && !/^\d+$/.test(first)) return undefined
  return placeOf(typeof second === 'string' ? second : 'localhost', first)
}
