import { expect } from 'chai'
import { request as send } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { isPoolFull } from '../../db/knex-internals.js'
import { requireProgram } from '../servers/available.js'
import type { HttpAnswer } from '../fetch-answer.js'
import { duringGateway, startGateway, type TestGateway } from '../harness.js'
import { onEachDatabase } from '../servers/databases.js'
import { type Mariadb, startMariadb } from '../servers/mariadb.js'
import { withGateway, withGatewayPerTest } from '../suite.js'

const outline = ({ status, text }: HttpAnswer) => `${status} ${text}`

/** Unlike fetch, this sends any header; the status of the answer. */
function statusFor(gateway: TestGateway, path: string, headers: Record<string, string>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = send(`${gateway.url}${path}`, { headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
    sent.on('error', reject).end()
  })
}

withGatewayPerTest('/healthz and /readyz', (gateway) => {
  it('say that the process is alive and that it takes calls', async () => {
    const health = await gateway.request('/healthz')
    expect(outline(health)).to.equal('200 {"status":"ok"}')
    const ready = await gateway.request('/readyz')
    expect(outline(ready)).to.equal('200 {"status":"ready","database":true,"draining":false,"redis":true}')
    for (const { headers } of [health, ready]) {
      expect(headers.get('content-type')).to.match(/^application\/json/)
      expect(headers.get('cache-control')).to.equal('no-store')
    }
  })

  it('tell a process that is alive from one that can not reach its database', async () => {
    await gateway.db.destroy()
    expect(outline(await gateway.request('/readyz'))).to.equal(
      '503 {"status":"not ready","database":false,"draining":false,"redis":true,"reason":"closed"}',
    )
    expect((await gateway.request('/healthz')).status).to.equal(200)
  })
})

describe('a gateway whose database server goes away', function () {
  this.timeout(120_000)
  let mariadb: Mariadb
  let gateway: TestGateway
  before(async function () {
    requireProgram(this, 'mariadbd')
    mariadb = await startMariadb()
    gateway = await startGateway({ url: await mariadb.createDatabase() })
  })
  after(async () => {
    await gateway?.close()
    await mariadb?.stop()
  })

  it('is not ready and asks callers to come again, and is ready when the server is back', async () => {
    const call = () => gateway.call('web.passport.getUserHabits', { uid: '987654321' })
    expect((await call()).json?.code).to.equal(10010)
    await mariadb.kill()
    expect((await gateway.request('/readyz')).status).to.equal(503)
    const refused = await call()
    expect(outline(refused)).to.equal('503 {"code":999,"message":"服务繁忙，请稍后再试"}')
    expect(refused.headers.get('retry-after')).to.equal('2')
    await mariadb.restart()
    expect((await gateway.request('/readyz')).status).to.equal(200)
    expect((await call()).json?.code).to.equal(10010)
  })
})

onEachDatabase('/readyz', (database) => {
  it('says that no secret of an application can be opened, and the log says of which', async () => {
    await duringGateway(database, {}, () => Promise.resolve())
    await duringGateway(database, { DATA_KEY: 'another-data-key-at-least-32-letters' }, async (gateway) => {
      const ready = await gateway.request('/readyz')
      expect([ready.status, ready.json?.['reason']]).to.deep.equal([503, 'DATA_KEY missing'])
      expect(gateway.logLines.join('')).to.match(/"names":\["web"\].*sealed under a DATA_KEY/)
    })
  })

  it('waits for no connection of the pool, and tells that all are in use', async () => {
    if (database.kind === 'sqlite') return
    await duringGateway(database, { DB_POOL: '2' }, async (gateway) => {
      const slow = Array.from({ length: 3 }, () => Promise.resolve(gateway.db.raw('SELECT sleep(1)')))
      // Connections that are still being made are in use by nobody.
      while (!isPoolFull(gateway.db)) await sleep(5)
      const begun = Date.now()
      const ready = await gateway.request('/readyz')
      expect([ready.status, ready.json?.['pool'], Date.now() - begun < 900]).to.deep.equal([
        200,
        'full',
        true,
      ])
      await Promise.all(slow)
      expect((await gateway.request('/readyz')).json).to.not.have.property('pool')
    })
  })
})

onEachDatabase('a pool', (database) => {
  it('lends no connection that is older than DB_CONNECTION_AGE', async () => {
    if (database.kind === 'sqlite') return
    await duringGateway(database, { DB_CONNECTION_AGE: '1' }, async ({ db }) => {
      const id = async () => {
        const [rows = []]: { id: number }[][] = await db.raw('SELECT connection_id() AS id')
        return rows[0]?.id
      }
      const first = await id()
      expect(await id()).to.equal(first)
      await sleep(1300)
      expect(await id()).to.not.equal(first)
    })
  })
})

withGateway('/metrics', (gateway, database) => {
  it('shows calls by method and code, and how long they took', async () => {
    await gateway.call('web.passport.getUserHabits', { uid: '987654321' })
    await gateway.call('web.passport.getUserHabits', { uid: '987654321' })
    await gateway.call('web.passport.changeVerifyEmail', { code: 'x' })
    await gateway.request('/gateway?method=a-secret-of-the-caller')
    const { status, text, headers } = await gateway.request('/metrics')
    expect([status, headers.get('content-type')]).to.deep.equal([
      200,
      gateway.services.metrics.registry.contentType,
    ])
    const lines = text.split('\n')
    expect(lines).to.include('gateway_calls_total{method="web.passport.getUserHabits",code="10010"} 2')
    expect(lines).to.include('gateway_calls_total{method="web.passport.changeEmail",code="404"} 1')
    expect(lines).to.include('gateway_calls_total{method="unknown",code="1000"} 1')
    expect(lines).to.include('gateway_errors_total{method="unknown",error="METHOD_NOT_FOUND",status="404"} 1')
    expect(lines).to.include('gateway_call_seconds_count{method="web.passport.getUserHabits"} 2')
    expect(lines).to.include('gateway_hashes_running 0').and.include('gateway_hashes_waiting 0')
    expect(text).to.include('process_resident_memory_bytes').and.include('nodejs_eventloop_lag_seconds')
    expect(text).not.to.include('secret')
  })

  it('is for this machine itself while there is no token', async () => {
    expect(await statusFor(gateway, '/metrics', {})).to.equal(200)
    for (const headers of [
      { 'X-Forwarded-For': '127.0.0.1' },
      { Host: 'passport.example.com' },
      { Origin: 'http://evil.example.com' },
    ])
      expect(await statusFor(gateway, '/metrics', headers), JSON.stringify(headers)).to.equal(403)
    const refused = await gateway.request('/metrics', { headers: { 'X-Real-IP': '127.0.0.1' } })
    expect(refused.text).to.equal(
      'metrics are for this machine, or for who holds METRICS_TOKEN once it is set\n',
    )
  })

  it('is for everybody who holds the token when there is one', async () => {
    const token = 'token-of-the-tests'
    const guarded = await startGateway(database, { METRICS_TOKEN: token })
    const fromElsewhere = (authorization: string) =>
      statusFor(guarded, '/metrics', { 'X-Forwarded-For': '203.0.113.7', Authorization: authorization })
    for (const right of [`Bearer ${token}`, `bearer ${token}`, token])
      expect(await fromElsewhere(right)).to.equal(200)
    for (const wrong of ['', 'Bearer', `Bearer ${token}x`, `Bearer ${token.slice(0, -1)}`, `Basic ${token}`])
      expect(await fromElsewhere(wrong), wrong).to.equal(403)
    expect(await statusFor(guarded, '/metrics', {})).to.equal(403)
    await guarded.close()
  })
})
