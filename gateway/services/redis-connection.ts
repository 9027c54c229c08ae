import type { Redis, RedisOptions } from 'ioredis'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type RedisTarget, readRedisUrl } from '../../config/urls/redis-url.js'

export type RedisConnection = Redis

type ClusterTarget = Extract<RedisTarget, { kind: 'cluster' }>

const retryStrategy = (tries: number) => Math.min(tries * 100, 2000)
/** Both together: a server that stands still keeps its connections open, and its clients deaf. */
const pingMilliseconds = 2000
const silentMilliseconds = 3000

/**
 * Connects in the background to what REDIS_URL names: one server, by Sentinels or one of a cluster. It comes back by
 * itself, to the new primary too, and then nothing is subscribed. Without a connection commands are refused.
 */
export async function connectRedis(url: string): Promise<RedisConnection> {
  // Ten megabytes that a server without Redis need not have.
  const { Redis } = await import('ioredis')
  const usual = {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    autoResubscribe: false,
    connectTimeout: silentMilliseconds,
    socketTimeout: silentMilliseconds,
    retryStrategy,
  }
  const target = readRedisUrl(url)
  if (!target || target.kind === 'single') return keepPinging(new Redis(url, usual))
  const { username, password, tls } = target
  const servers = { ...usual, username, password, ...(tls ? { tls: {} } : {}) }
  if (target.kind === 'cluster')
    return keepPinging(new Redis({ ...servers, Connector: await connectorInTurn(target) }))
  return keepPinging(
    new Redis({
      ...servers,
      sentinels: [...target.hosts],
      name: target.name,
      db: target.db,
      sentinelPassword: target.sentinelPassword,
      sentinelRetryStrategy: retryStrategy,
      sentinelCommandTimeout: silentMilliseconds,
      enableTLSForSentinelMode: tls,
      ...(tls ? { sentinelTLS: {} } : {}),
    }),
  )
}

/**
 * Takes the servers of a cluster in turn, from any of them on. The library's own client of clusters is for keys: it has
 * a connection for each server, and one more for subscriptions, which it now and then forgets where a server ends.
 */
async function connectorInTurn({
  hosts,
  tls,
}: ClusterTarget): Promise<NonNullable<RedisOptions['Connector']>> {
  const { AbstractConnector } = await import('ioredis')
  let turn = Math.floor(Math.random() * hosts.length)
  return class extends AbstractConnector {
    constructor() {
      super(silentMilliseconds)
    }

    async connect() {
      const { host = '', port = 0 } = hosts[turn++ % hosts.length] ?? {}
      this.connecting = true
      this.stream = tls ? connectTls({ host, port }) : connect({ host, port })
      this.stream.once('error', (error) => {
        this.firstError = error
      })
      return this.stream
    }
  }
}

function keepPinging(connection: Redis): Redis {
  const ping = () => {
    if (connection.status === 'ready') connection.ping().catch(() => {})
  }
  const timer = setInterval(ping, pingMilliseconds).unref()
  connection.once('end', () => clearInterval(timer))
  return connection
}
