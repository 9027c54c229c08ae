import cluster from 'node:cluster'
import { loadConfig } from '../config/config.js'
import { hearMetricsRequests } from './start/cluster-metrics.js'
import { showSourcesInStacks } from './start/source-stacks.js'
import { superviseWorkers } from './workers.js'

/** Starts the server: this process alone, or with WORKERS above 1 as many as that behind one port. */
async function main(): Promise<void> {
  showSourcesInStacks()
  const config = loadConfig()
  if (config.workers > 1) {
    if (cluster.isPrimary) return superviseWorkers(config.workers)
    hearMetricsRequests()
  }
  // Who looks after workers needs nothing of what they are.
  const { runServer } = await import('./run-server.js')
  await runServer(config)
}

main().catch(async (error: unknown) => {
  const { explainFailure } = await import('./start/failure.js')
  process.stderr.write(`${explainFailure(error)}\n`)
  process.exit(1)
})
