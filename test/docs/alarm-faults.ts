/** A series that Prometheus has scraped: a value at its begin, and by how much it grows every ten seconds. */
export interface Series {
  readonly series: string
  readonly from: number
  readonly step?: number
}

/** What becomes of series when something breaks: another value, other growth, or nothing any more. */
export type Fault = Readonly<
  Partial<Record<string, { readonly from?: number; readonly step?: number; readonly isGone?: true }>>
>

const job = 'job="passport-gateway",instance="node-1"'
const of = (name: string, labels = '') => `${name}{${job}${labels === '' ? '' : `,${labels}`}}`

const up = of('up')
const started = of('process_start_time_seconds')
const lag = of('nodejs_eventloop_lag_p99_seconds')
const ready = of('gateway_database_state', 'state="ready"')
const readOnly = of('gateway_database_state', 'state="read-only"')
const clusterSize = of('gateway_database_cluster_size')
const replicaLag = of('gateway_database_lag_seconds')
const statements = (le: string) => of('gateway_statement_seconds_bucket', `kind="read",le="${le}"`)
const calls = of('gateway_calls_total', 'method="open.passport.get",code="200"')
const callSeconds = (le: string) => of('gateway_call_seconds_bucket', `method="open.passport.get",le="${le}"`)
const errors = of('gateway_errors_total', 'method="open.passport.get",error="UNAVAILABLE",status="503"')
const unavailable = of('gateway_faults_total', 'error="UNAVAILABLE"')
const crashes = of('gateway_faults_total', 'error="CRASH"')
const used = of('gateway_database_connections', 'state="used"')
const waiting = of('gateway_database_waiting')
const hashes = of('gateway_hashes_waiting')
const sent = of('gateway_sends_total', 'channel="sms",provider="aliyun",outcome="sent"')
const failed = of('gateway_sends_total', 'channel="sms",provider="aliyun",outcome="failed"')
const smsResting = of('gateway_sms_resting', 'provider="aliyun"')
const wechatResting = of('gateway_wechat_resting', 'way="mini"')
const codesOfDay = of('gateway_codes_of_day_ratio', 'channel="sms"')
const overdue = of('gateway_deliveries_overdue_seconds')
const good = of('gateway_sign_ins_total', 'outcome="good"')
const refused = of('gateway_sign_ins_total', 'outcome="refused"')
const redis = of('gateway_redis_up')
const dataKey = of('gateway_data_key_missing')
const contended = of(
  'gateway_errors_total',
  'method="front.account.user.info",error="CONTENTION",status="429"',
)
const notGiven = of('gateway_keys_not_given')
const unreadable = of('gateway_sealed_unreadable')

/** A node that does well: some calls a second, now and then one of them refused. */
export const healthy: readonly Series[] = [
  { series: up, from: 1 },
  { series: started, from: 1000 },
  { series: lag, from: 0.02 },
  { series: ready, from: 1 },
  { series: readOnly, from: 0 },
  { series: clusterSize, from: 3 },
  { series: of('gateway_database_cluster_ready'), from: 1 },
  { series: replicaLag, from: 0 },
  { series: statements('0.05'), from: 0, step: 1000 },
  { series: statements('0.25'), from: 0, step: 1000 },
  { series: statements('1'), from: 0, step: 1000 },
  { series: statements('+Inf'), from: 0, step: 1000 },
  { series: calls, from: 0, step: 500 },
  { series: callSeconds('0.25'), from: 0, step: 500 },
  { series: callSeconds('1'), from: 0, step: 500 },
  { series: callSeconds('5'), from: 0, step: 500 },
  { series: callSeconds('+Inf'), from: 0, step: 500 },
  { series: errors, from: 0 },
  { series: unavailable, from: 0 },
  { series: crashes, from: 0 },
  { series: used, from: 3 },
  { series: of('gateway_database_connections_limit'), from: 20 },
  { series: waiting, from: 0 },
  { series: hashes, from: 1 },
  { series: of('gateway_hashes_limit'), from: 64 },
  { series: sent, from: 0, step: 10 },
  { series: failed, from: 0 },
  { series: smsResting, from: 0 },
  { series: wechatResting, from: 0 },
  { series: codesOfDay, from: 0.5 },
  { series: of('gateway_codes_reserve_ratio'), from: 0.1 },
  { series: overdue, from: 0 },
  { series: good, from: 0, step: 20 },
  { series: refused, from: 0, step: 5 },
  { series: redis, from: 1 },
  { series: dataKey, from: 0 },
  { series: contended, from: 0 },
  { series: notGiven, from: 0 },
  { series: unreadable, from: 0 },
]

/** Per alarm a fault that it is for, by what changes of a healthy node. */
export const faults: Readonly<Record<string, Fault>> = {
  GatewayNodeDown: { [up]: { from: 0 } },
  GatewayAllDown: { [up]: { from: 0 } },
  GatewayRestarts: { [started]: { from: 2000, step: 15 } },
  GatewayDatabaseDown: { [ready]: { from: 0 }, [readOnly]: { from: 1 } },
  GatewayDatabaseNodeGone: { [clusterSize]: { from: 2 } },
  GatewayDatabaseBehind: { [replicaLag]: { from: 20, step: 10 } },
  GatewayDatabaseSlow: { [statements('0.05')]: { step: 0 }, [statements('0.25')]: { step: 200 } },
  GatewayPoolFull: { [used]: { from: 20 }, [waiting]: { from: 7 } },
  GatewayFaults: { [unavailable]: { step: 50 } },
  GatewayContention: { [contended]: { step: 50 } },
  GatewayMethodFails: { [errors]: { step: 400 } },
  GatewayCrash: { [crashes]: { from: 1 } },
  GatewaySlow: { [callSeconds('0.25')]: { step: 0 }, [callSeconds('1')]: { step: 100 } },
  GatewayEventLoopLate: { [lag]: { from: 0.6 } },
  GatewayHashQueueFull: { [hashes]: { from: 64 } },
  GatewaySendsFail: { [sent]: { step: 0 }, [failed]: { step: 10 } },
  GatewaySmsVendorResting: { [smsResting]: { from: 1 } },
  GatewayWechatResting: { [wechatResting]: { from: 1 } },
  GatewayCodesOfDayLow: { [codesOfDay]: { from: 0.85 } },
  GatewayCodesOfDaySpent: { [codesOfDay]: { from: 0.9 } },
  GatewayDeliveriesLate: { [overdue]: { from: 61, step: 10 } },
  GatewaySignInsRefused: { [refused]: { step: 100 } },
  GatewayRedisDown: { [redis]: { from: 0 } },
  GatewayDataKeyMissing: { [dataKey]: { from: 1 } },
  GatewayKeyNotGiven: { [notGiven]: { from: 1 } },
  GatewaySealedUnreadable: { [unreadable]: { from: 2 } },
}
