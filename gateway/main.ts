import cluster from 'node:cluster'
import { ConfigurationError } from '../config/env.js'
import { loadConfig } from '../config/config.js'
import { describeTarget, explainDatabaseError } from '../db/explain.js'
import { ShopRefusedError } from '../db/shop/refused.js'
import { becomeSoleServer, DatabaseHeldError } from '../db/sole-server.js'
import { DatabaseSessionError, isDatabaseError } from '../db/unavailable.js'
import { loadDemoData } from './start/demo-data.js'
import { writeGreeting } from './start/greeting.js'
import { createGateway } from './gateway.js'
import { startServer } from './server.js'
import { startServices } from './start/services.js'
import { createWaitingServer } from './start/waiting-server.js'
import { superviseWorkers } from './workers.js'

/** Starts the server: this process alone, or with WORKERS above 1 as many as that behind one port. */
async function main(): Promise<void> {
  const config = loadConfig()
  if (config.workers > 1 && cluster.isPrimary) return superviseWorkers(config.workers)
  await becomeSoleServer(config.database)
  const waiting = createWaitingServer(config)
  const services = await startServices(config, cluster.isWorker ? {} : { show: waiting.show })
  await waiting.close()
  const demoApps = await loadDemoData(services)
  const server = await startServer(createGateway(services), services)
  services.log.info({ address: server.url }, 'listening')
  services.log.flush()
  const isFirst = !cluster.isWorker || cluster.worker?.id === 1
  if (config.environment === 'development' && (isFirst || demoApps.length > 0))
    // To standard error: standard output has the log.
    process.stderr.write(await writeGreeting(services, server.url, demoApps))
  const stop = (signal: NodeJS.Signals) => {
    services.log.info({ reason: signal }, 'draining')
    server
      .drain()
      .then(() => services.close())
      .then(() => process.exit(0))
      .catch(() => process.exit(1))
  }
  process.once('SIGTERM', stop).once('SIGINT', stop)
}

main().catch((error: unknown) => {
  const known = [ConfigurationError, ShopRefusedError, DatabaseHeldError, DatabaseSessionError].some(
    (kind) => error instanceof kind,
  )
  process.stderr.write(
    `${known && error instanceof Error ? error.message : `the server could not start: ${explain(error)}`}\n`,
  )
  process.exit(1)
})

/** A database's message may hold values and its password, so what it says is shown without them, and which it was. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (isDatabaseError(error))
    return `${explainDatabaseError(error)}; ${describeTarget(loadConfig().database)}`
  if ('code' in error && error.code === 'EADDRINUSE' && 'port' in error)
    return `port ${String(error.port)} is in use already (PORT)`
  return 'code' in error ? `${error.name} ${String(error.code)}` : (error.stack ?? error.message)
}
