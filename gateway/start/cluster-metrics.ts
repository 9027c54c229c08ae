import cluster, { type Worker } from 'node:cluster'
import { randomUUID } from 'node:crypto'
import { AggregatorRegistry, type Registry } from 'prom-client'

interface MetricsRequest {
  readonly type: 'gateway:metrics-request'
  readonly id: string
}
interface MetricsResponse {
  readonly type: 'gateway:metrics-response'
  readonly id: string
  readonly text: string
}

const answerMilliseconds = 5000
/** In a worker of ours: who waits for which answer of the primary. Absent in any other process, be it a worker of somebody else. */
let asked: Map<string, (text: string) => void> | undefined

/**
 * The metrics of the whole server: of this process alone, or, in a worker, summed over all workers by the primary, as
 * Prometheus reaches any one of them.
 */
export function readMetrics(registry: Registry): Promise<string> {
  if (!asked) return registry.metrics()
  const waiting = asked
  const id = randomUUID()
  return new Promise<string>((resolve, reject) => {
    const giveUp = setTimeout(
      () => reject(new Error('the metrics of all workers could not be had')),
      answerMilliseconds,
    )
    waiting.set(id, (text) => {
      clearTimeout(giveUp)
      resolve(text)
    })
    process.send?.({ type: 'gateway:metrics-request', id } satisfies MetricsRequest)
  }).finally(() => waiting.delete(id))
}

/**
 * In a worker, as early as can be: whoever asks for the metrics of all waits for each that runs, and a question that nobody
 * hears yet is lost. Until they are shared, this process has none.
 */
export function hearMetricsRequests(): void {
  const waiting = new Map<string, (text: string) => void>()
  asked = waiting
  AggregatorRegistry.setRegistries([])
  // Constructing it is what makes the worker answer the primary.
  void new AggregatorRegistry()
  process.on('message', (message: unknown) => {
    if (isMessage<MetricsResponse>(message, 'gateway:metrics-response'))
      waiting.get(message.id)?.(message.text)
  })
}

/** In a worker: what the primary reads of this process. */
export function shareMetrics(registry: Registry): void {
  if (asked) AggregatorRegistry.setRegistries([registry])
}

/** In the primary: answers workers that are asked for the metrics of all. */
export function answerMetricsRequests(): void {
  const aggregator = new AggregatorRegistry()
  const answer = async (worker: Worker, id: string) => {
    const text = await aggregator.clusterMetrics()
    worker.send({ type: 'gateway:metrics-response', id, text } satisfies MetricsResponse)
  }
  cluster.on('message', (worker, message: unknown) => {
    if (!isMessage<MetricsRequest>(message, 'gateway:metrics-request')) return
    // A worker that does not answer in time leaves the question open: the asking one gives up by itself.
    answer(worker, message.id).catch(() => {})
  })
}

function isMessage<T extends { readonly type: string }>(message: unknown, type: T['type']): message is T {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === type
}
