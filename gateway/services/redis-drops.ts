import type { DropChannel } from './cache.js'
import type { Log } from './telemetry/log.js'

const channel = 'passport-gateway:cache:drop'

/** Drops by Redis. While it is away nothing is told, and nobody waits for it. */
export async function connectRedisDrops(url: string, log: Log): Promise<DropChannel> {
  // Ten megabytes that a server without Redis need not have.
  const { Redis } = await import('ioredis')
  const options = {
    lazyConnect: false,
    maxRetriesPerRequest: 1,
    retryStrategy: (tries: number) => Math.min(tries * 100, 2000),
  }
  const publisher = new Redis(url, { ...options, enableOfflineQueue: false })
  const subscriber = new Redis(url, options)
  for (const connection of [publisher, subscriber])
    connection.on('error', (error) => log.warn({ error }, 'redis is not reachable'))
  subscriber.subscribe(channel).catch((error: unknown) => log.warn({ error }, 'redis subscription failed'))
  return {
    publish(key) {
      // Without Redis the other nodes notice when the entry's short life ends.
      publisher.publish(channel, key).catch(() => {})
    },
    listen: (forget) => void subscriber.on('message', (_, key) => forget(key)),
    isHealthy: () => publisher.status === 'ready',
    isListening: () => subscriber.status === 'ready',
    close() {
      publisher.disconnect()
      subscriber.disconnect()
    },
  }
}
