import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { registerCallMetrics } from './call-metrics.js'
import { type Sample, type ShownMetric, showSamples } from './samples.js'

/** How a message reaches somebody. */
export type Channel = 'sms' | 'mail'

/** A value that is shown for each value of one label. */
interface LabelledGauge {
  readonly name: string
  readonly help: string
  readonly label: string
}

/** What Prometheus is shown. Labels are method names and error codes, never anything a caller chose. */
export interface Metrics {
  readonly registry: Registry
  /** One answered call. `method` is `unknown` when there is no such method. */
  countCall(method: string, code: number, seconds: number): void
  /** One call that was answered with an error of the catalogue, by its key: codes of one envelope stand for several. */
  countError(method: string, error: string, status: number): void
  /** Shows a vendor's counts from the start: a rate does not see the first of a series that begins with it. */
  expectSends(channel: Channel, provider: string): void
  /** One try of a vendor; a message that went to a second vendor counts once for each. */
  countSend(channel: Channel, provider: string, outcome: 'sent' | 'failed'): void
  /** One code that somebody typed; exhausted: it was not compared, as a budget of wrong tries is spent. */
  countCodeCheck(channel: Channel, outcome: 'right' | 'wrong' | 'exhausted'): void
  /** One code that was texted to a country, or one that was used. */
  countCodeOfCountry(country: string, outcome: 'sent' | 'used'): void
  /** One sign-in, or one that was refused: for a wrong password, after too many, or as the user is locked. */
  countSignIn(outcome: 'good' | 'refused'): void
  /** One notice that was not sent, as its address has been told often enough. */
  countSparedNotice(channel: Channel): void
  /** One call of WeChat, its second try included. `way` is official, mini or web. */
  countWechatCall(way: string, outcome: 'answered' | 'refused' | 'failed'): void
  /** One token that a proxy asked about; refused: the caller was, or it could not be told. */
  countTokenCheck(outcome: 'live' | 'none' | 'dead' | 'refused'): void
  /** One call whose legacy signature could also be read as another call's. */
  countRecut(app: string, outcome: 'refused' | 'reported'): void
  /** One call whose password stands in the query; `app` is `none` for unsigned calls. */
  countQueryCredential(method: string, app: string): void
  /** Shows a value that is read when Prometheus asks. */
  watch(name: string, help: string, read: () => number): void
  /** The same for each value of a label; of several workers the highest is shown, not the sum. */
  watchEach(gauge: LabelledGauge, read: () => Iterable<readonly [string, number]>): void
  /** Shows samples that are made when Prometheus asks. */
  show(metric: ShownMetric, read: () => readonly Sample[] | Promise<readonly Sample[]>): void
  /** Lets go of what is watched: what measures the process itself knows the registry for as long as that runs. */
  close(): void
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  showNewestStart(registry)
  const calls = registerCallMetrics(registry)
  return {
    registry,
    countCall: (method, code, seconds) => calls.count(method, code, seconds),
    countError: (method, error, status) => calls.countError(method, error, status),
    show: (metric, read) => showSamples(registry, metric, read),
    ...registerCounters(registry),
    close: () => registry.clear(),
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
    watchEach({ name, help, label }, read) {
      const gauge = new Gauge({
        name,
        help,
        labelNames: [label],
        aggregator: 'max',
        registers: [],
        collect() {
          this.reset()
          for (const [value, number] of read()) this.set({ [label]: value }, number)
        },
      })
      registry.registerMetric(gauge)
    },
  }
}

/** In place of the library's, which shows nothing of several workers: one that dies and is replaced is to be seen. */
function showNewestStart(registry: Registry): void {
  const name = 'process_start_time_seconds'
  registry.removeSingleMetric(name)
  const help = 'When the process, or the newest of its workers, has started, in seconds since 1970'
  new Gauge({ name, help, aggregator: 'max', registers: [registry] }).set(
    Math.round(performance.timeOrigin / 1000),
  )
}

function registerCounters(
  registry: Registry,
): Pick<
  Metrics,
  | 'expectSends'
  | 'countSend'
  | 'countCodeCheck'
  | 'countCodeOfCountry'
  | 'countSignIn'
  | 'countSparedNotice'
  | 'countWechatCall'
  | 'countTokenCheck'
  | 'countRecut'
  | 'countQueryCredential'
> {
  const sends = new Counter({
    name: 'gateway_sends_total',
    help: 'Messages handed to a vendor, each try',
    labelNames: ['channel', 'provider', 'outcome'],
    registers: [registry],
  })
  const codeChecks = new Counter({
    name: 'gateway_code_checks_total',
    help: 'Codes that were typed',
    labelNames: ['channel', 'outcome'],
    registers: [registry],
  })
  const codesOfCountries = new Counter({
    name: 'gateway_sms_codes_total',
    help: 'Codes texted to a country, and those of them that were used',
    labelNames: ['country', 'outcome'],
    registers: [registry],
  })
  const signIns = new Counter({
    name: 'gateway_sign_ins_total',
    help: 'Sign-ins, and those refused for the password or as the user is locked',
    labelNames: ['outcome'],
    registers: [registry],
  })
  for (const outcome of ['good', 'refused']) signIns.inc({ outcome }, 0)
  const sparedNotices = new Counter({
    name: 'gateway_notices_spared_total',
    help: 'Notices not sent to who has been told often enough',
    labelNames: ['channel'],
    registers: [registry],
  })
  const wechatCalls = new Counter({
    name: 'gateway_wechat_calls_total',
    help: 'Calls of the WeChat API',
    labelNames: ['way', 'outcome'],
    registers: [registry],
  })
  const tokenChecks = new Counter({
    name: 'gateway_token_checks_total',
    help: 'Tokens that a proxy asked about',
    labelNames: ['outcome'],
    registers: [registry],
  })
  const recuts = new Counter({
    name: 'gateway_recut_calls_total',
    help: 'Calls whose legacy signature could also be read as another call',
    labelNames: ['app', 'outcome'],
    registers: [registry],
  })
  const queryCredentials = new Counter({
    name: 'gateway_query_credentials_total',
    help: 'Calls whose password stands in the query, by method and application',
    labelNames: ['method', 'app'],
    registers: [registry],
  })
  return {
    countQueryCredential: (method, app) => queryCredentials.inc({ method, app }),
    countRecut: (app, outcome) => recuts.inc({ app, outcome }),
    countTokenCheck: (outcome) => tokenChecks.inc({ outcome }),
    countCodeCheck: (channel, outcome) => codeChecks.inc({ channel, outcome }),
    countCodeOfCountry: (country, outcome) => codesOfCountries.inc({ country, outcome }),
    countSignIn: (outcome) => signIns.inc({ outcome }),
    countSparedNotice: (channel) => sparedNotices.inc({ channel }),
    expectSends(channel, provider) {
      for (const outcome of ['sent', 'failed']) sends.inc({ channel, provider, outcome }, 0)
    },
    countSend: (channel, provider, outcome) => sends.inc({ channel, provider, outcome }),
    countWechatCall: (way, outcome) => wechatCalls.inc({ way, outcome }),
  }
}
