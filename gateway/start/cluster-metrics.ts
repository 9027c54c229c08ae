import cluster, { type Worker } from 'node:cluster'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
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

/**
 * The metrics of the whole server: of this process alone, or, in a worker, summed over all workers by the primary, as
 * Prometheus reaches any one of them.
 */
export async function readMetrics(registry: Registry): Promise<string> {
  if (!cluster.isWorker) return registry.metrics()
  const id = randomUUID()
  process.send?.({ type: 'gateway:metrics-request', id } satisfies MetricsRequest)
  const signal = AbortSignal.timeout(5000)
  for (;;) {
    const [message]: unknown[] = await once(process, 'message', { signal })
    if (isMessage<MetricsResponse>(message, 'gateway:metrics-response') && message.id === id)
      return message.text
  }
}

/** In a worker: lets the primary read this process's metrics. */
export function shareMetrics(registry: Registry): void {
  if (!cluster.isWorker) return
  AggregatorRegistry.setRegistries([registry])
  // Constructing it is what makes the worker answer the primary.
  void new AggregatorRegistry()
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
