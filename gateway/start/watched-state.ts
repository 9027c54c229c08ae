import { readClusterState } from '../../db/cluster-state.js'
import { countDeliveryJobs } from '../../db/delivery-jobs.js'
import { poolStateOf, statementLimitOf } from '../../db/knex-internals.js'
import { unreadyStates } from '../../db/readiness.js'
import type { KeyVariable } from '../../db/key-holders.js'
import { fingerprintsOf } from '../services/keys/fingerprint.js'
import type { Services } from '../services/services.js'
import { packageVersion } from '../services/telemetry/own-package.js'
import { durationSamples, type Sample } from '../services/telemetry/samples.js'

/** Shows Prometheus the state of the process and of what it depends on, read when it asks; calls pay nothing for it. */
export function showState(services: Services): void {
  const { metrics } = services
  const version = { version: packageVersion(), node: process.version }
  metrics.show(
    { name: 'gateway_info', help: 'What runs: always 1', type: 'gauge', aggregator: 'max' },
    () => [{ labels: version, value: 1 }],
  )
  showHashes(services)
  showPool(services)
  showDatabase(services)
  metrics.watch(
    'gateway_sign_in_records_waiting',
    'Records of sign-ins that are not in the database yet',
    () => services.signInRecords.waiting(),
  )
  metrics.watch('gateway_streams_open', 'Event streams that clients hold open', () =>
    services.eventStreams.count(),
  )
  const { cache, config } = services
  const reserve = { name: 'gateway_codes_reserve_ratio', help: 'CODE_RESERVE', type: 'gauge' } as const
  metrics.show({ ...reserve, aggregator: 'max' }, () => [only(config.codes.reserve)])
  const redis = { name: 'gateway_redis_up', help: 'Whether Redis answers', type: 'gauge' } as const
  if (config.redisUrl !== undefined)
    metrics.show({ ...redis, aggregator: 'max' }, () => [only(Number(cache.isHealthy()))])
  showKeys(services)
}

/** Of several workers, whose keys are the same, the one that is worst off. */
function showKeys({ metrics, apps, keyWatch, sealedValues, config }: Services): void {
  const show = (name: string, help: string, read: () => readonly Sample[]) =>
    metrics.show({ name, help, type: 'gauge', aggregator: 'max' }, read)
  show('gateway_data_key_missing', 'Whether nothing that applications sign with can be opened', () => [
    only(Number(apps.areAllSealed())),
  ])
  const keys = Object.entries(fingerprintsOf(config)) as [KeyVariable, readonly string[]][]
  show('gateway_key_place', 'The key that is written with, by its place in its list: 0 is the first', () =>
    keys.map(([variable, fingerprints]) => {
      const place = keyWatch.writing(variable)
      return { labels: { variable, key: fingerprints[place] ?? '' }, value: place }
    }),
  )
  show('gateway_keys_not_given', 'Keys that other nodes write with and this one lacks', () => [
    only(keyWatch.notGiven()),
  ])
  show('gateway_sealed_unreadable', 'Columns with sealed values that no key opened at the start', () => [
    only(sealedValues.unreadable.length),
  ])
}

function showHashes({ metrics, passwords, config }: Services): void {
  metrics.watch(
    'gateway_hashes_running',
    'Password hashes being computed',
    () => passwords.pressure().running,
  )
  metrics.watch(
    'gateway_hashes_waiting',
    'Password hashes waiting for a core',
    () => passwords.pressure().waiting,
  )
  metrics.watch('gateway_hashes_done', 'Password hashes since the start', () => passwords.pressure().done)
  metrics.watch('gateway_hashes_limit', 'Password hashes that may wait (HASH_QUEUE)', () => config.hashQueue)
}

function showPool({ metrics, db }: Services): void {
  const connections = {
    name: 'gateway_database_connections',
    help: 'Connections of the pool, in use and at rest',
    type: 'gauge',
  } as const
  metrics.show(connections, () => {
    const { used, free } = poolStateOf(db)
    return [
      { labels: { state: 'used' }, value: used },
      { labels: { state: 'free' }, value: free },
    ]
  })
  metrics.watch(
    'gateway_database_connections_limit',
    'Connections that a pool may have (DB_POOL)',
    () => poolStateOf(db).most,
  )
  metrics.watch(
    'gateway_database_waiting',
    'Statements that wait for a connection',
    () => poolStateOf(db).waiting,
  )
  const name = 'gateway_statement_seconds'
  metrics.show({ name, help: 'Time of statements, by what they do', type: 'histogram' }, () =>
    Object.entries(statementLimitOf(db)?.times?.tallies ?? {}).flatMap(([kind, tally]) =>
      durationSamples(name, { kind }, tally),
    ),
  )
}

/** One reading of the database for all that a page of metrics shows of it, within the probe's time. */
function showDatabase({ metrics, databaseProbe, clock }: Services): void {
  const read = async () => {
    const unready = await databaseProbe.ask()
    // Of its cluster a node tells also while it takes no writes.
    const tells = unready === undefined || unready === 'no quorum' || unready === 'read-only'
    const cluster = tells ? await databaseProbe.read(readClusterState) : undefined
    if (unready !== undefined) return { unready, cluster }
    const deliveries = await databaseProbe.read((db) => countDeliveryJobs(db, clock.now()))
    return { unready, cluster, deliveries }
  }
  let reading: ReturnType<typeof read> | undefined
  const show = (
    name: string,
    help: string,
    samplesOf: (state: Awaited<ReturnType<typeof read>>) => readonly (Sample | undefined)[],
  ) =>
    metrics.show({ name, help, type: 'gauge', aggregator: 'max' }, async () => {
      reading ??= read().finally(() => (reading = undefined))
      return samplesOf(await reading).filter((sample) => sample !== undefined)
    })
  show('gateway_database_state', 'What /readyz finds the database to be: 1', ({ unready = 'ready' }) =>
    ['ready', ...unreadyStates].map((state) => ({ labels: { state }, value: Number(state === unready) })),
  )
  show('gateway_database_cluster_size', 'Nodes of Galera that see each other', ({ cluster }) => [
    sampleOf(cluster?.size),
  ])
  show('gateway_database_cluster_ready', 'Whether the node of Galera takes statements', ({ cluster }) => [
    sampleOf(cluster?.isReady),
  ])
  show('gateway_database_lag_seconds', 'How far a replica is behind its source', ({ cluster }) => [
    sampleOf(cluster?.lagSeconds),
  ])
  show('gateway_deliveries_waiting', 'Messages that wait to be sent', ({ deliveries }) => [
    sampleOf(deliveries?.waiting),
  ])
  show('gateway_deliveries_tried', 'Those of them that could not be sent before', ({ deliveries }) => [
    sampleOf(deliveries?.tried),
  ])
  show('gateway_deliveries_overdue_seconds', 'How long one of them is due', ({ deliveries }) => [
    sampleOf(deliveries && (clock.now() - (deliveries.dueSince ?? clock.now())) / 1000),
  ])
}

function only(value: number): Sample {
  return { labels: {}, value }
}

function sampleOf(value: number | boolean | undefined): Sample | undefined {
  return value === undefined ? undefined : only(Number(value))
}
