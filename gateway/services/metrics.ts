import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { registerCallMetrics } from './call-metrics.js'

/** How a message reaches somebody. */
export type Channel = 'sms' | 'mail'

/** What Prometheus is shown. Labels are method names and error codes, never anything a caller chose. */
export interface Metrics {
  readonly registry: Registry
  /** One answered call. `method` is `unknown` when there is no such method. */
  countCall(method: string, code: number, seconds: number): void
  /** One try of a vendor; a message that went to a second vendor counts once for each. */
  countSend(channel: Channel, provider: string, outcome: 'sent' | 'failed'): void
  /** Shows a value that is read when Prometheus asks. */
  watch(name: string, help: string, read: () => number): void
  /** The same by channel; of several workers the highest is shown, not the sum. */
  watchChannels(name: string, help: string, read: () => Iterable<readonly [Channel, number]>): void
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const calls = registerCallMetrics(registry)
  const sends = new Counter({
    name: 'gateway_sends_total',
    help: 'Messages handed to a vendor, each try',
    labelNames: ['channel', 'provider', 'outcome'],
    registers: [registry],
  })
  return {
    registry,
    countCall: (method, code, seconds) => calls.count(method, code, seconds),
    countSend: (channel, provider, outcome) => sends.inc({ channel, provider, outcome }),
    watch(name, help, read) {
      const gauge = new Gauge({
        name,
        help,
        registers: [],
        collect() {
          this.set(read())
        },
      })
      registry.registerMetric(gauge)
    },
    watchChannels(name, help, read) {
      const gauge = new Gauge({
        name,
        help,
        labelNames: ['channel'],
        aggregator: 'max',
        registers: [],
        collect() {
          this.reset()
          for (const [channel, value] of read()) this.set({ channel }, value)
        },
      })
      registry.registerMetric(gauge)
    },
  }
}
