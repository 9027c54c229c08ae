import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { requiredPath } from '../mariadb.js'
import { makePrivateFolder, removePrivateFolder } from '../processes/leftovers.js'
import { freePort, type RunningProcess, startProcess } from '../processes/process.js'
import { answersPing, launchRedis } from '../redis.js'

/** A primary of Redis with a replica, and three Sentinels that put the one in the other's place. */
export interface RedisGroup {
  /** What REDIS_URL is: the primary's address. */
  readonly url: string
  /** The Sentinels, as a client is told of them. */
  readonly sentinels: readonly { readonly host: string; readonly port: number }[]
  /** Ends the primary as a crash would. */
  killPrimary(): Promise<void>
  /** Starts it again, at first as a primary; the Sentinels make it a replica if there is another. */
  restartPrimary(): Promise<void>
  stop(): Promise<void>
}

/** The name by which the Sentinels know the group. */
export const groupName = 'passport'

const quorum = 2

export async function startRedisGroup(): Promise<RedisGroup> {
  const folder = makePrivateFolder('redis-group')
  const [primaryPort, replicaPort] = [await freePort(), await freePort()]
  const others: RunningProcess[] = []
  try {
    let primary = await launchRedis(folder, primaryPort)
    others.push(await launchRedis(folder, replicaPort, ['--replicaof', '127.0.0.1', `${primaryPort}`]))
    const ports = [await freePort(), await freePort(), await freePort()]
    for (const port of ports) others.push(await launchSentinel(folder, port, primaryPort))
    return {
      url: `redis://127.0.0.1:${primaryPort}`,
      sentinels: ports.map((port) => ({ host: '127.0.0.1', port })),
      killPrimary: async () => void (await primary.kill()),
      restartPrimary: async () => {
        primary = await launchRedis(folder, primaryPort)
      },
      async stop() {
        await Promise.all([primary, ...others].map((running) => running.kill()))
        await removePrivateFolder(folder)
      },
    }
  } catch (error) {
    await Promise.all(others.map((running) => running.kill()))
    await removePrivateFolder(folder)
    throw error
  }
}

/** A Sentinel writes into its configuration what it has learnt. */
function launchSentinel(folder: string, port: number, primary: number): Promise<RunningProcess> {
  const file = join(folder, `sentinel-${port}.conf`)
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor ${groupName} 127.0.0.1 ${primary} ${quorum}`,
    `sentinel down-after-milliseconds ${groupName} 2000`,
    `sentinel failover-timeout ${groupName} 10000`,
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  const command = requiredPath('redis-sentinel')
  return startProcess({ command, args: [file], cwd: folder }, () => answersPing(port))
}
