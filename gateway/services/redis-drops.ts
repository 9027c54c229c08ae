import type { DropChannel } from './cache.js'
import { connectRedis } from './redis-connection.js'
import type { Log } from './telemetry/log.js'

const channel = 'passport-gateway:cache:drop'

/**
 * Drops by Redis. While it is away nothing is told, and nobody waits for it. Only messages go through it, which any
 * server of a cluster takes and all of them hand on: no key is ever kept there.
 */
export async function connectRedisDrops(url: string, log: Log): Promise<DropChannel> {
  const publisher = await connectRedis(url, { enableOfflineQueue: false })
  const subscriber = await connectRedis(url, { enableOfflineQueue: true })
  for (const connection of [publisher, subscriber])
    connection.on('error', (error: unknown) => log.warn({ error }, 'redis is not reachable'))
  subscriber.subscribe(channel).catch((error: unknown) => log.warn({ error }, 'redis subscription failed'))
  return {
    publish(key) {
      // Without Redis the other nodes notice when the entry's short life ends.
      publisher.publish(channel, key).catch(() => {})
    },
    listen: (forget) => void subscriber.on('message', (_: string, key: string) => forget(key)),
    isHealthy: () => publisher.status === 'ready',
    isListening: () => subscriber.status === 'ready',
    close() {
      publisher.disconnect()
      subscriber.disconnect()
    },
  }
}
