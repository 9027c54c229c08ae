import { expect } from 'chai'
import { Agent, request } from 'node:http'
import { signParameters } from '../harness.js'
import { onEachDatabase } from '../servers/databases.js'
import {
  type BesideConnection,
  connectBeside,
  type GatewayProcess,
  startGatewayProcess,
} from '../servers/gateway-process.js'
import { freePort } from '../servers/process.js'

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
  let beside: BesideConnection
  let query: string
  before(async () => {
    beside = await connectBeside(database)
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
