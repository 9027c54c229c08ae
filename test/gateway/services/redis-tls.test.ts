import { expect } from 'chai'
import { setTimeout as sleep } from 'node:timers/promises'
import { requireProgram } from '../../servers/available.js'
import { type Certificate, makeAuthority, makeCertificate } from '../../servers/tls/certificates.js'
import { startTlsRedis, type TlsRedis } from '../../servers/tls/redis.js'
import { startGatewayProcess } from '../../servers/processes/gateway-process.js'
import { useFolder } from '../../suite.js'

describe('Redis with TLS', function () {
  this.timeout(180_000)
  const folder = useFolder('redis-tls')
  let authority: Certificate
  let redis: TlsRedis

  before(async function () {
    for (const program of ['redis-server', 'redis-sentinel', 'openssl'] as const)
      requireProgram(this, program)
    authority = await makeAuthority(folder.path, 'authority')
    redis = await startTlsRedis(
      folder.path,
      await makeCertificate(folder.path, 'localhost', authority),
      authority,
    )
  })
  after(() => redis?.stop())

  async function hasRedis(REDIS_URL: string, env: Record<string, string>, wanted: boolean): Promise<boolean> {
    const database = { url: `sqlite:${folder.path}/${Date.now()}.db` }
    const server = await startGatewayProcess(database, { REDIS_URL, ...env })
    const ask = async () => {
      const answer = (await (await fetch(`${server.url}/readyz`)).json()) as { redis: boolean }
      return answer.redis
    }
    try {
      if (wanted) while (!(await ask())) await sleep(50)
      else await sleep(2000)
      return await ask()
    } finally {
      await server.stop()
    }
  }

  it('is taken where its authority is known, alone and by Sentinel, and refused else', async () => {
    const trusting = { NODE_EXTRA_CA_CERTS: authority.cert }
    expect(await hasRedis(redis.url, trusting, true)).to.equal(true)
    expect(await hasRedis(redis.sentinelUrl, trusting, true)).to.equal(true)
    expect(await hasRedis(redis.url, {}, false)).to.equal(false)
    expect(await hasRedis(redis.url.replace('localhost', '127.0.0.1'), trusting, false)).to.equal(false)
  })
})
