import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { signParameters, type TestApp } from '../../harness.js'
import { onEachDatabase } from '../../servers/databases.js'
import {
  connectBeside,
  type GatewayProcess,
  startGatewayProcess,
} from '../../servers/processes/gateway-process.js'
import { startWebhook, type Webhook } from '../../servers/sms/webhook.js'
import { prepared } from '../../suite.js'
import { post } from '../races/post.js'

onEachDatabase('a server of two workers', function (database) {
  // A file of SQLite is one process's.
  if (database.kind === 'sqlite') return
  this.timeout(30_000)
  let app: TestApp
  let webhook: Webhook
  let server: GatewayProcess
  const agent = new Agent()
  prepared(
    before,
    async () => {
      const beside = await connectBeside(database)
      app = await beside.addApp()
      webhook = await startWebhook()
      return beside
    },
    async (beside) => {
      agent.destroy()
      await webhook.stop()
      await beside.close()
    },
  )
  beforeEach(async () => {
    const texting = { SMS_PROVIDER: 'webhook', SMS_WEBHOOK_URL: webhook.url }
    server = await startGatewayProcess(database, { WORKERS: '2', ...texting })
  })
  afterEach(() => server.stop())

  const readMetrics = async () =>
    (await fetch(`${server.url}/metrics`, { headers: { Connection: 'close' } })).text()
  const started = async () => Number(/^process_start_time_seconds (\S+)$/m.exec(await readMetrics())?.[1])
  /** Linux: those that a process has begun. */
  const workers = () =>
    readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').trim().split(' ').map(Number)

  it('answers what is under way when all its processes are told to end, and told again', async () => {
    webhook.delayMs = 1500
    const params = signParameters(app, { method: 'web.passport.sendcode', mobile: '13100000001' })
    const call = post({ url: server.url, agent, params })
    while (webhook.bodies.length === 0) await sleep(20)
    // As systemd does it, where the unit does not say otherwise, and the first process once more.
    for (let round = 0; round < 3; round++) {
      process.kill(-server.pid, 'SIGTERM')
      await sleep(100)
    }
    // Ctrl-C in a terminal.
    process.kill(-server.pid, 'SIGINT')
    expect(await call).to.include({ status: 200, code: 200 })
    expect(await server.stop()).to.deep.equal({ code: 0, signal: null })
  })

  it('shows the metrics of all to each who asks, and when the newest of them has started', async () => {
    // A worker that is not there yet has none.
    const hasBoth = (text: string) => text.includes('\ngateway_database_connections_limit 40\n')
    while (!hasBoth(await readMetrics())) await sleep(50)
    const texts = await Promise.all(Array.from({ length: 10 }, readMetrics))
    expect(texts.filter(hasBoth)).to.have.length(10)
    const before = await started()
    process.kill(workers()[0] ?? 0, 'SIGKILL')
    // What comes in the moment before its end is known is lost with it.
    await sleep(500)
    while (!((await started().catch(() => 0)) > before)) await sleep(200)
  })
})
