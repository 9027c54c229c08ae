import { type BesideConnection, connectBeside } from '../../servers/processes/gateway-process.js'
import { type RedisServer, startRedis } from '../../servers/redis.js'
import { messageLimits } from './model/belongings.js'
import { startNodes } from './nodes.js'
import type { Stage } from './play.js'

/** A stage and the way to take it down. */
export interface OpenStage extends Stage {
  readonly kind: 'sqlite' | 'mysql'
  close(): Promise<void>
}

interface Wanted {
  readonly kind: 'sqlite' | 'mysql'
  /** That of each node; the same one for nodes on one server. */
  readonly databases: readonly string[]
  /** Whether nodes tell each other through Redis what has ended; otherwise it may be believed in for two seconds. */
  readonly redis: boolean
}

/** How long a node shows what another has changed, or takes to hear of it on a busy machine, and some time more (ms). */
const memory = 2000
const hearing = 1500
const slack = 1000

export async function openStage({ kind, databases, redis }: Wanted): Promise<OpenStage> {
  const [url = ''] = databases
  const beside: BesideConnection = await connectBeside({ url })
  const app = await beside.addApp({ name: 'histories' })
  const server: RedisServer | undefined = redis ? await startRedis() : undefined
  const env = [{ ...messageLimits, ...(server && { REDIS_URL: server.url }) }]
  const nodes = await startNodes({ databases, env, app })
  return {
    kind,
    nodes,
    db: beside.db,
    staleness: { told: redis ? hearing : memory + slack, untold: memory + slack },
    afterlife: kind === 'mysql' ? 250 : 0,
    async close() {
      await nodes.close()
      await server?.stop()
      await beside.close()
    },
  }
}
