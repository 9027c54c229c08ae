import type { DropChannel } from './cache.js'
import { connectRedis, type RedisConnection } from './redis-connection.js'
import type { Log } from './telemetry/log.js'

const channel = 'passport-gateway:cache:drop'

/**
 * Drops by Redis. While it is away nothing is told, and nobody waits for it. Only messages go through it, which any
 * server of a cluster takes and all of them hand on: no key is ever kept there.
 */
export async function connectRedisDrops(url: string, log: Log): Promise<DropChannel> {
  const publisher = await connectRedis(url)
  const subscriber = await connectRedis(url)
  for (const connection of [publisher, subscriber])
    connection.on('error', (error: unknown) => log.warn({ error }, 'redis is not reachable'))
  const isListening = keepSubscribed(subscriber, log)
  return {
    publish(key) {
      // Without Redis the other nodes notice when the entry's short life ends.
      publisher.publish(channel, key).catch(() => {})
    },
    listen: (forget) => void subscriber.on('message', (_: string, key: string) => forget(key)),
    isHealthy: () => publisher.status === 'ready',
    isListening,
    close() {
      publisher.disconnect()
      subscriber.disconnect()
    },
  }
}

/**
 * Subscribes on each new connection, and gives up one that does not take it: a node must not believe that it hears
 * others where it does not. Returns whether it does.
 */
function keepSubscribed(subscriber: RedisConnection, log: Log): () => boolean {
  let isSubscribed = false
  subscriber.on('close', () => {
    isSubscribed = false
  })
  subscriber.on('ready', () => {
    subscriber.subscribe(channel).then(
      () => {
        isSubscribed = subscriber.status === 'ready'
      },
      (error: unknown) => {
        log.warn({ error }, 'redis subscription failed')
        if (subscriber.status === 'ready') subscriber.disconnect(true)
      },
    )
  })
  return () => isSubscribed
}
