import cluster from 'node:cluster'
import type { Config } from '../config/config.js'
import { becomeSoleServer } from '../db/sole-server.js'
import { createGateway } from './gateway.js'
import { startServer } from './server.js'
import { loadDemoData } from './start/demo-data.js'
import { writeGreeting } from './start/greeting.js'
import { createLog, type Log } from './services/telemetry/log.js'
import { ownPlaces, refuseConnections } from './start/outside-guard.js'
import { startServices } from './start/services.js'
import { createWaitingServer } from './start/waiting-server.js'

/** Serves in this process until a signal comes, which drains it. Throws when it can't start. */
export async function runServer(config: Config): Promise<void> {
  await becomeSoleServer(config.database)
  const waiting = createWaitingServer(config)
  const log = createLog(config.logLevel)
  if (config.capture) keepInside(config, log)
  const services = await startServices(config, cluster.isWorker ? { log } : { log, show: waiting.show })
  await waiting.close()
  const demoApps = await loadDemoData(services)
  const server = await startServer(createGateway(services), services)
  services.log.info({ address: server.url }, 'listening')
  services.log.flush()
  const isFirst = !cluster.isWorker || cluster.worker?.id === 1
  if (config.environment === 'development' && (isFirst || demoApps.length > 0))
    // To standard error: standard output has the log.
    process.stderr.write(await writeGreeting(services, server.url, demoApps))
  let isStopping = false
  const stop = (signal: NodeJS.Signals) => {
    // A worker hears it twice: from the system, which tells all processes, and from who looks after the workers.
    if (isStopping) return
    isStopping = true
    services.log.info({ reason: signal }, 'draining')
    server
      .drain()
      .then(() => services.close())
      .then(() => process.exit(0))
      .catch(() => process.exit(1))
  }
  // Whoever presses Ctrl-C once more does not want to wait.
  process.on('SIGTERM', stop).once('SIGINT', stop)
}

/** Before any service is started. */
function keepInside(config: Config, log: Log): void {
  const refused = (address: string) =>
    log.warn({ address }, 'a connection was refused: the server is captured')
  refuseConnections(ownPlaces(config), refused)
  log.warn({}, 'CAPTURED: no text, mail, call of WeChat, webhook or trace leaves this server (OUTSIDE)')
}
