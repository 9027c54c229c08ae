import { expect } from 'chai'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { createGateway } from '../../gateway/gateway.js'
import { type ServerTimeouts, startServer } from '../../gateway/server.js'
import { methodNotFound } from '../answers.js'
import { fetchAnswer } from '../fetch-answer.js'
import { signParameters } from '../harness.js'
import { onEachDatabase } from '../servers/databases.js'
import {
  connectBeside,
  type GatewayProcess,
  startGatewayProcess,
} from '../servers/processes/gateway-process.js'
import { freePort } from '../servers/processes/process.js'
import { openRawConnection } from './raw-connection.js'
import { prepared, withGateway } from '../suite.js'

withGateway('draining the server', (gateway) => {
  /** A server over the gateway's services, and a method of it that answers when it is told to. */
  async function startWaiting(timeouts: Partial<ServerTimeouts>) {
    const core = createGateway(gateway.services)
    const method = core.table.byName.get('front.account.user.listsExpRule') ?? expect.fail()
    let answer = () => {}
    const mayAnswer = new Promise<void>((resolve) => (answer = resolve))
    let entered = () => {}
    const underWay = new Promise<void>((resolve) => (entered = resolve))
    const handle = async () => {
      entered()
      await mayAnswer
      return { exp_reg: '', exp_login: '', exp_evaluate_good: '', exp_consume_rate: '', exp_consume_max: '' }
    }
    Object.assign(method, { handle })
    const server = await startServer(core, gateway.services, timeouts)
    return { server, answer: () => answer(), underWay, url: `${server.url}/front/account/user/listsExpRule` }
  }

  const untilRefused = async (port: number) => {
    for (;;) {
      const connection = await openRawConnection(port).catch((error: Error) => error)
      if (connection instanceof Error) return connection
      connection.destroy()
      await sleep(5)
    }
  }

  it('refuses connections, answers what is under way, and tells it to leave', async () => {
    // Ends when the client has left, not when its time is over.
    const { server, answer, underWay, url } = await startWaiting({ leave: 0, finish: 600_000 })
    const call = fetchAnswer(url)
    await underWay
    const drained = server.drain()
    expect(await untilRefused(server.port)).to.have.property('code', 'ECONNREFUSED')
    answer()
    const answered = await call
    expect(answered.json).to.include({ status: 200, code: 0 })
    expect(answered.headers.get('connection')).to.equal('close')
    await drained
  })

  it('takes connections and keeps them for DRAIN_SECONDS, while it says that it goes', async () => {
    const server = await startServer(createGateway(gateway.services), gateway.services, {
      linger: 300,
      leave: 0,
    })
    const drained = server.drain()
    const client = await openRawConnection(server.port)
    client.send('GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n')
    while (!client.received().includes('"draining":true')) await sleep(5)
    expect(client.received()).to.include('Connection: keep-alive')
    client.destroy()
    await drained
    const refused = await openRawConnection(server.port).catch((error: unknown) => error)
    expect(refused).to.have.property('code', 'ECONNREFUSED')
  })

  it('refuses connections at once, and still answers connected clients, telling them to leave', async () => {
    const server = await startServer(createGateway(gateway.services), gateway.services, { leave: 60_000 })
    const client = await openRawConnection(server.port)
    const request = (path: string) => client.send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    request('/gateway')
    while (!client.received().includes(methodNotFound)) await sleep(5)
    expect(client.received()).to.include('Connection: keep-alive')
    const drained = server.drain()
    await sleep(50)
    const refused = await openRawConnection(server.port).catch((error: unknown) => error)
    expect(refused).to.have.property('code', 'ECONNREFUSED')
    const before = client.received().length
    request('/readyz')
    const last = (await client.closed()).slice(before)
    client.destroy()
    expect(last)
      .to.match(/^HTTP\/1\.1 503 Service Unavailable\r\n/)
      .and.include('Connection: close\r\n')
    expect(JSON.parse(last.split('\r\n\r\n')[1] ?? '')).to.include({ status: 'not ready', draining: true })
    await drained
  })

  it('gives up on calls that do not end', async () => {
    const { server, underWay, url } = await startWaiting({ leave: 0, finish: 50 })
    const call = fetchAnswer(url).then(
      () => 'answered',
      () => 'cut off',
    )
    await underWay
    await server.drain()
    expect(await call).to.equal('cut off')
  })

  it('happens once, however often it is asked for', async () => {
    const server = await startServer(createGateway(gateway.services), gateway.services, { leave: 0 })
    await Promise.all([server.drain(), server.drain()])
    await server.drain()
  })
})

const clients = 16

interface Answer {
  readonly code: unknown
  readonly isLast: boolean
}

function get(url: string, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () =>
        resolve({ code: JSON.parse(text).code, isLast: response.headers.connection === 'close' }),
      )
      response.on('error', reject)
    })
    sent.on('error', reject).end()
  })
}

/** What came of the requests that clients sent on open connections until they were told to leave. */
interface Tally {
  sent: number
  readonly codes: unknown[]
  readonly lost: unknown[]
}

/** One client with one connection, which asks again as soon as it is answered. */
async function callUntilToldToLeave(url: string, tally: Tally, onAnswer: () => void): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  try {
    for (;;) {
      tally.sent++
      const { code, isLast } = await get(url, agent)
      tally.codes.push(code)
      onAnswer()
      if (isLast) return
    }
  } catch (error) {
    tally.lost.push(error)
  } finally {
    agent.destroy()
  }
}

onEachDatabase('a server process that is told to stop', function (database) {
  this.timeout(120_000)
  let query: string
  const beside = prepared(before, () => connectBeside(database))
  before(async () => {
    const app = await beside.addApp()
    const params = signParameters(app, { method: 'web.passport.getUserHabits', uid: '987654321' })
    query = new URLSearchParams(params).toString()
  })
  after(() => beside.close())

  /** SIGTERM in the middle of the load of many clients; what came of their requests. */
  async function stopUnderLoad(server: GatewayProcess) {
    const tally: Tally = { sent: 0, codes: [], lost: [] }
    let enough = () => {}
    const loaded = new Promise<void>((resolve) => (enough = resolve))
    const calling = Array.from({ length: clients }, () =>
      callUntilToldToLeave(`${server.url}/gateway?${query}`, tally, () => {
        if (tally.codes.length === clients * 20) enough()
      }),
    )
    await Promise.race([loaded, Promise.all(calling)])
    const end = await server.stop()
    await Promise.all(calling)
    return { tally, end }
  }

  it('loses no request, ends by itself, and its successor takes the same port at once', async () => {
    const PORT = String(await freePort())
    for (let round = 0; round < 2; round++) {
      const server = await startGatewayProcess(database, { PORT })
      const { tally, end } = await stopUnderLoad(server)
      expect(tally.lost).to.deep.equal([])
      expect(tally.codes).to.have.length(tally.sent)
      expect(tally.sent).to.be.at.least(clients * 20)
      expect(new Set(tally.codes)).to.deep.equal(new Set([10010]))
      expect(end, server.output()).to.deep.equal({ code: 0, signal: null })
    }
  })
})
