import { expect } from 'chai'
import { fetchAnswer } from '../../../fetch-answer.js'
import { signParameters } from '../../../harness.js'
import { onEachDatabase } from '../../../servers/databases.js'
import {
  connectBeside,
  type GatewayProcess,
  startGatewayProcess,
} from '../../../servers/processes/gateway-process.js'
import { prepared } from '../../../suite.js'

const calls = 100
const inParallel = 50

onEachDatabase('calls signed by hmac-sha256 that are sent again', function (database) {
  this.timeout(120_000)
  let servers: GatewayProcess[] = []

  const beside = prepared(before, () => connectBeside(database))
  const app = prepared(before, () => beside.addApp({ name: 'modern', scheme: 'hmac-sha256' }))
  before(() => startServers())
  after(async () => {
    await Promise.all(servers.map((server) => server.stop()))
    await beside.close()
  })

  async function startServers(): Promise<void> {
    const count = database.kind === 'sqlite' ? 1 : 2
    servers = await Promise.all(Array.from({ length: count }, () => startGatewayProcess(database)))
  }

  /** Sends every query to the servers in turn; how many were accepted. */
  async function countAccepted(queries: readonly string[]): Promise<number> {
    let accepted = 0
    let next = 0
    const send = async () => {
      while (next < queries.length) {
        const at = next++
        const url = servers[at % servers.length]?.url
        const { json } = await fetchAnswer(`${url}/gateway?${queries[at]}`)
        if (json?.code === 200) accepted++
        else expect(json).to.deep.equal({ code: 500, message: '数据验证错误.' })
      }
    }
    await Promise.all(Array.from({ length: inParallel }, send))
    return accepted
  }

  // 10,000 over two servers; fewer where there is but one.
  const replaysOfEach = database.kind === 'sqlite' ? 10 : 100

  it(`are never accepted: ${calls * replaysOfEach} of them, over all servers and a restart`, async () => {
    const params = { method: 'web.passport.checkVerifyMobile', mobile: '13912345678' }
    const queries = Array.from({ length: calls }, () =>
      new URLSearchParams(signParameters(app, params)).toString(),
    )
    expect(await countAccepted(queries)).to.equal(calls)
    const half = Array.from({ length: replaysOfEach / 2 }, () => queries).flat()
    expect(await countAccepted(half)).to.equal(0)
    await Promise.all(servers.map((server) => server.stop()))
    await startServers()
    expect(await countAccepted(half)).to.equal(0)
  })
})
