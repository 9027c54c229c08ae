import { expect } from 'chai'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createWaitingServer } from '../../../gateway/start/waiting-server.js'
import { fetchAnswer } from '../../fetch-answer.js'
import { freePort } from '../../servers/processes/process.js'

describe('while a shop is taken over', () => {
  it('the server is well and not ready, and says which step it is at', async () => {
    const port = await freePort()
    const waiting = createWaitingServer({ host: '127.0.0.1', port })
    const url = `http://127.0.0.1:${port}`
    waiting.show('claimed: 5 of 10 users')
    waiting.show('claimed: 6 of 10 users')
    try {
      expect(await fetchAnswer(`${url}/healthz`)).to.deep.include({ status: 200, json: { status: 'ok' } })
      expect(await fetchAnswer(`${url}/readyz`)).to.deep.include({
        status: 503,
        json: { status: 'not ready', step: 'claimed: 6 of 10 users' },
      })
      expect((await fetchAnswer(`${url}/front/account/user/info`)).status).to.equal(503)
    } finally {
      await waiting.close()
    }
    expect(await fetchAnswer(`${url}/healthz`).catch(() => 'closed')).to.equal('closed')
  })

  it('the port is free again at once, though it was hardly taken', async () => {
    const port = await freePort()
    const waiting = createWaitingServer({ host: 'localhost', port })
    waiting.show('claimed: 1 of 1 users')
    await waiting.close()
    const next = createServer().listen(port, 'localhost')
    await once(next, 'listening')
    next.close()
  })

  it('a port that is never shown anything stays free', async () => {
    await createWaitingServer({ host: '127.0.0.1', port: await freePort() }).close()
  })
})
