import type { Cluster, Redis } from 'ioredis'
import { readRedisUrl } from '../../config/urls/redis-url.js'

/** A connection to Redis, alone, by Sentinel or to a cluster. It comes back by itself, to the new primary too. */
export type RedisConnection = Cluster | Redis

interface Options {
  /** Whether commands wait while there is no connection. */
  readonly enableOfflineQueue: boolean
}

const retryStrategy = (tries: number) => Math.min(tries * 100, 2000)
/** Both together: a server that stands still keeps its connections open, and its clients deaf. */
const pingMilliseconds = 2000
const silentMilliseconds = 3000

/** Connects in the background to what REDIS_URL names. */
export async function connectRedis(url: string, { enableOfflineQueue }: Options): Promise<RedisConnection> {
  // Ten megabytes that a server without Redis need not have.
  const { Cluster, Redis } = await import('ioredis')
  const usual = {
    maxRetriesPerRequest: 1,
    connectTimeout: silentMilliseconds,
    socketTimeout: silentMilliseconds,
  }
  const target = readRedisUrl(url)
  if (!target || target.kind === 'single')
    return keepPinging(new Redis(url, { ...usual, retryStrategy, enableOfflineQueue }))
  const { username, password, tls } = target
  const servers = { ...usual, username, password, ...(tls ? { tls: {} } : {}) }
  if (target.kind === 'cluster')
    return keepPinging(
      new Cluster([...target.hosts], {
        clusterRetryStrategy: retryStrategy,
        enableOfflineQueue,
        redisOptions: servers,
      }),
    )
  return keepPinging(
    new Redis({
      ...servers,
      retryStrategy,
      enableOfflineQueue,
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

function keepPinging<Connection extends RedisConnection>(connection: Connection): Connection {
  const ping = () => {
    if (connection.status === 'ready') connection.ping().catch(() => {})
  }
  const timer = setInterval(ping, pingMilliseconds).unref()
  connection.once('end', () => clearInterval(timer))
  return connection
}
