import { expect } from 'chai'
import { createConnection } from 'mysql2/promise'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { requireProgram } from '../../servers/available.js'
import { type Mariadb, startMariadb } from '../../servers/mariadb.js'
import { type RedisServer, startRedis } from '../../servers/redis.js'
import { aliyunSettings, type Aliyun, startAliyun } from '../../servers/sms/aliyun.js'
import { startTencent, type Tencent, tencentSettings } from '../../servers/sms/tencent.js'
import { startWebhook, type Webhook } from '../../servers/sms/webhook.js'
import { startStallingSmtp, type StallingSmtp } from '../../servers/stalling-smtp.js'
import { type Alertmanager, startAlertmanager } from '../../servers/telemetry/alertmanager.js'
import { type Prometheus, startPrometheus } from '../../servers/telemetry/prometheus.js'
import { wechatSettings } from '../../servers/wechat/accounts.js'
import { type Exporter, startExporter } from './exporter.js'
import { metricsToken, type Node, sendCode, startNode } from './nodes.js'

/** The package's root, seen from the sources and from dist alike. */
const here = import.meta.filename
const root = here.slice(0, here.lastIndexOf(here.includes('/dist/test/') ? '/dist/test/' : '/test/'))
const documents = `${root}/docs/deploy`

const quietMilliseconds = 120_000
const withinMilliseconds = 60_000
/** After which whoever is to be told knows of an alarm that fires. */
const toldMilliseconds = 15_000

// Each fault needs its minute: for the long form of the tests.
if (process.env['TEST_LONG'] === '1')
  describe('the alarms, as Prometheus judges them', function () {
    this.timeout(600_000)
    let databases: { readonly lost: Mariadb; readonly slow: Mariadb; readonly well: Mariadb }
    let redis: RedisServer
    let vendors: {
      readonly webhook: Webhook
      readonly slow: Webhook
      readonly aliyun: Aliyun
      readonly tencent: Tencent
    }
    let smtp: StallingSmtp
    let nodes: Readonly<
      Record<
        'quiet' | 'database' | 'slow' | 'broken' | 'vendor' | 'hashes' | 'sms' | 'busy' | 'gone' | 'key',
        Node
      >
    >
    let cluster: Exporter
    let prometheus: Prometheus
    let alertmanager: Alertmanager
    const ends: (() => unknown)[] = []

    before(async function () {
      for (const program of ['prometheus', 'mariadbd', 'redis-server'] as const) requireProgram(this, program)
      databases = { lost: await startMariadb(), slow: await startMariadb(), well: await startMariadb() }
      redis = await startRedis()
      vendors = {
        webhook: await startWebhook(),
        slow: await startWebhook(),
        aliyun: await startAliyun(),
        tencent: await startTencent(),
      }
      smtp = await startStallingSmtp()
      const { lost, slow, well } = databases
      const on = async (server: Mariadb, env?: Record<string, string>) =>
        startNode(await server.createDatabase(), env)
      nodes = {
        quiet: await on(well, { REDIS_URL: redis.url }),
        database: await on(lost),
        slow: await on(slow, { DB_POOL: '2' }),
        broken: await on(well, {
          ...tencentSettings(vendors.tencent),
          ...wechatSettings('http://127.0.0.1:9', ['mini']),
          SMS_PROVIDER: 'tencent',
          REDIS_URL: redis.url,
          SMTP_URL: smtp.url,
        }),
        vendor: await on(well, { SMS_PROVIDER: 'webhook', SMS_WEBHOOK_URL: vendors.slow.url }),
        hashes: await on(well, { HASH_QUEUE: '4', PASSWORD_COST: 'm=19456,t=2,p=1' }),
        sms: await on(well, {
          ...aliyunSettings(vendors.aliyun),
          SMS_PROVIDER: 'webhook,aliyun',
          SMS_WEBHOOK_URL: vendors.webhook.url,
          CODE_PER_DAY: '200',
        }),
        busy: await on(well),
        gone: await on(well),
        key: await on(well),
      }
      for (const node of [nodes.broken, nodes.vendor, nodes.sms]) node.load(1, 2000, sendCode)
      nodes.quiet.load(1, 1000, sendCode)
      cluster = await startExporter({
        gateway_database_cluster_size: 3,
        gateway_database_cluster_ready: 1,
        gateway_database_lag_seconds: 0,
      })
      const targets = [...Object.values(nodes), cluster].map(({ target }) => target)
      alertmanager = await startAlertmanager()
      prometheus = await startPrometheus(documents, targets, metricsToken, alertmanager.target)
    })
    after(async () => {
      await mend()
      await Promise.all(Object.values(nodes).map((node) => node.stop()))
      await Promise.all(
        [prometheus, alertmanager, cluster, redis, smtp, ...Object.values(vendors)].map((part) =>
          part.stop(),
        ),
      )
      await Promise.all(Object.values(databases).map((database) => database.stop()))
    })

    it('are silent while all is well', async () => {
      const seen = new Set<string>()
      for (const end = Date.now() + quietMilliseconds; Date.now() < end; await sleep(1000))
        for (const { labels, state } of await prometheus.alerts())
          if (state === 'firing') seen.add(JSON.stringify(labels))
      expect([...seen]).to.deep.equal([])
      expect(await prometheus.query('up == 1')).to.have.length(11)
    })

    it('fire within a minute of a fault, each for the node it is of', async () => {
      const expected = plantFaults()
      const begun = Date.now()
      const fired = new Map<string, number>()
      const named = () => new Set(fired.keys())
      while (Date.now() < begun + withinMilliseconds && !expected.every((name) => named().has(name))) {
        for (const { labels, state } of await prometheus.alerts()) {
          const { alertname = '', instance } = labels
          const name = instance === undefined ? alertname : `${alertname} ${nameOf(instance)}`
          if (state === 'firing' && !fired.has(name)) fired.set(name, (Date.now() - begun) / 1000)
        }
        await sleep(500)
      }
      const list = [...fired].map(([name, seconds]) => `${name}: ${seconds.toFixed(0)} s`)
      console.log(`      ${list.join('\n      ')}`)
      expect(expected.filter((name) => !fired.has(name))).to.deep.equal([])
      expect([...fired.keys()].filter((name) => name.endsWith(' quiet'))).to.deep.equal([
        // It shares the Redis that went.
        'GatewayRedisDown quiet',
      ])
      const untold = () => expected.filter((name) => !alertmanager.told.has(name.replace(/ .*/, '')))
      while (Date.now() < begun + withinMilliseconds + toldMilliseconds && untold().length > 0)
        await sleep(500)
      expect(untold()).to.deep.equal([])
    })

    it('are shown beside all else on the dashboard, none of whose panels is empty', async () => {
      const dashboard = readFileSync(`${documents}/grafana-dashboard.json`, 'utf8')
      const { panels }: { panels: { title: string; targets?: { expr: string }[] }[] } = JSON.parse(dashboard)
      const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
      expect(queries.length).to.be.greaterThan(30)
      const empty: string[] = []
      for (const query of queries) {
        const filled = query.replaceAll('$instance', '.+').replaceAll('$__rate_interval', '1m')
        if ((await prometheus.query(filled)).length === 0) empty.push(query)
      }
      expect(empty).to.deep.equal([])
    })

    it('fire when no node is left', async () => {
      await mend()
      await Promise.all(Object.values(nodes).map((node) => node.process().kill()))
      await cluster.stop()
      const begun = Date.now()
      const fires = async () =>
        (await prometheus.alerts()).some(
          ({ labels, state }) => labels['alertname'] === 'GatewayAllDown' && state === 'firing',
        )
      while (!(await fires())) {
        expect(Date.now() - begun).to.be.lessThan(withinMilliseconds)
        await sleep(500)
      }
      console.log(`      GatewayAllDown: ${((Date.now() - begun) / 1000).toFixed(0)} s`)
    })

    async function mend(): Promise<void> {
      for (const end of ends.splice(0)) await end()
    }

    function nameOf(instance: string): string {
      const [name] = Object.entries(nodes).find(([, { target }]) => target === instance) ?? ['cluster']
      return name
    }

    /** Breaks everything at once, and says what must fire. */
    function plantFaults(): readonly string[] {
      const { database, slow, broken, vendor, hashes, sms, busy, gone, key } = nodes
      void databases.lost.kill()
      database.load(4, 50, (node) => node.call('web.passport.getUserHabits', { uid: '1000001' }))
      ends.push(lockAgainAndAgain(slow))
      // So many that those who wait in vain are more than one of a hundred of all nodes' calls, whatever the others take.
      slow.load(90, 0, (node) => node.call('web.passport.getUserHabits', { uid: random() }))
      void breakTables(broken)
      vendors.tencent.refusal = 'FailedOperation.InsufficientBalanceInSmsPackage'
      broken.load(1, 1000, sendCode)
      broken.load(1, 500, (node) => node.call('front.account.wechat.getOpenIdByCode', { code: random() }))
      void redis.kill()
      smtp.stage = 'greeting'
      vendors.slow.delayMs = 2000
      vendor.load(6, 0, sendCode)
      hashes.load(20, 20, (node) => node.signIn())
      vendors.webhook.status = 500
      sms.load(20, 20, sendCode)
      pulse(
        ends,
        () => process.kill(busy.process().pid, 'SIGSTOP'),
        () => process.kill(busy.process().pid, 'SIGCONT'),
      )
      void gone.process().kill()
      void restartThrice(key)
      cluster.values = {
        gateway_database_cluster_size: 2,
        gateway_database_cluster_ready: 1,
        gateway_database_lag_seconds: 30,
      }
      return [
        'GatewayNodeDown gone',
        'GatewayRestarts key',
        'GatewayDatabaseDown database',
        'GatewayDatabaseNodeGone cluster',
        'GatewayDatabaseBehind cluster',
        'GatewayDatabaseSlow slow',
        'GatewayPoolFull slow',
        'GatewayFaults',
        'GatewayContention',
        'GatewayMethodFails',
        'GatewayCrash broken',
        'GatewaySlow vendor',
        'GatewayEventLoopLate busy',
        'GatewayHashQueueFull hashes',
        'GatewaySendsFail',
        'GatewaySmsVendorResting sms',
        'GatewayWechatResting broken',
        'GatewayCodesOfDayLow',
        'GatewayCodesOfDaySpent',
        'GatewayDeliveriesLate',
        'GatewaySignInsRefused',
        'GatewayRedisDown broken',
        'GatewayDataKeyMissing key',
        'GatewayKeyNotGiven key',
        'GatewaySealedUnreadable key',
      ]
    }
  })

const random = () => String(Math.floor(Math.random() * 1e9) + 1e6)

/** Stops and goes on again and again, as a machine does that swaps. */
function pulse(ends: (() => unknown)[], stop: () => void, goOn: () => void): void {
  stop()
  let isStopped = true
  const timer = setInterval(() => {
    if (isStopped) goOn()
    else stop()
    isStopped = !isStopped
  }, 500)
  ends.push(() => {
    clearInterval(timer)
    goOn()
  })
}

/** Notices that are due for a while already. */
function mails() {
  const now = Date.now()
  return Array.from({ length: 60 }, (_, at) => ({
    template: 'password-changed',
    payload: JSON.stringify({ email: `user${at}@example.com` }),
    due_at: now - 90_000,
    expires_at: now + 3_600_000,
  }))
}

/** Holds a table for half a second, which every statement waits for, and again. */
function lockAgainAndAgain({ url }: Node): () => Promise<void> {
  const state = { isOver: false }
  const run = async () => {
    const connection = await createConnection(url)
    while (!state.isOver) {
      await connection.query('LOCK TABLES account_user_base WRITE')
      await sleep(500)
      await connection.query('UNLOCK TABLES')
    }
    await connection.end()
  }
  const running = run()
  return () => {
    state.isOver = true
    return running
  }
}

/** Takes away a table that a method reads, and has mails wait that are due for a while already. */
async function breakTables({ beside: { db } }: Node): Promise<void> {
  await db.raw('RENAME TABLE passport_profile TO passport_profile_gone')
  await db('delivery_job').insert(mails())
}

/** The last keys of the secrets are lost at the first of them. */
async function restartThrice(node: Node): Promise<void> {
  const env = { DATA_KEY: 'another-data-key-at-least-32-letters' }
  await node.restart(env)
  // Prometheus sees a start that lasts until it looks again.
  await sleep(11_000)
  await node.restart(env)
  await sleep(11_000)
  await node.restart(env)
}
