import cluster, { type Worker } from 'node:cluster'
import { answerMetricsRequests } from './start/cluster-metrics.js'

const restartMilliseconds = 1000

/**
 * Keeps `count` workers running behind one port: one that dies is replaced, a signal drains them all. A worker that
 * can't even start ends the server, as the next one could not either.
 */
export function superviseWorkers(count: number): void {
  let stopping = false
  const listening = new WeakSet<Worker>()
  cluster.on('listening', (worker) => listening.add(worker))
  cluster.on('exit', (worker, code) => {
    if (stopping) return
    if (!listening.has(worker)) return stop('SIGTERM', code || 1)
    setTimeout(() => stopping || cluster.fork(), restartMilliseconds)
  })
  const stop = (signal: NodeJS.Signals, exitCode = 0) => {
    if (stopping) return
    stopping = true
    process.exitCode = exitCode
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill(signal)
  }
  process.on('SIGTERM', () => stop('SIGTERM')).once('SIGINT', () => stop('SIGTERM'))
  answerMetricsRequests()
  for (let started = 0; started < count; started++) cluster.fork()
}
