import { expect } from 'chai'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { requireProgram } from '../../servers/available.js'
import { freePort } from '../../servers/processes/process.js'
import { certificateFile, type PhpOutcome, runPhp } from './php-runner.js'

for (const transport of [undefined, 'stream']) {
  describe(`the PHP client, calling by ${transport ?? 'its preferred transport'}`, () => {
    let php: string
    const servers: Server[] = []
    const options = transport === undefined ? {} : { transport }

    before(function () {
      php = requireProgram(this, 'php')
    })

    async function listen(server: Server): Promise<number> {
      servers.push(server)
      await once(server.listen(0, '127.0.0.1'), 'listening')
      return (server.address() as AddressInfo).port
    }

    async function callAt(baseUrl: string, more: Record<string, unknown> = {}): Promise<PhpOutcome> {
      const standard = {
        do: 'call',
        app: 'web',
        secret: 'a made-up secret',
        method: 'm',
        params: [['p', 'pass word']],
      } as const
      const [outcome] = await runPhp(php, [
        { ...standard, baseUrl, options: { ...options, ...more }, verb: 'GET' },
      ])
      return outcome ?? expect.fail('no outcome')
    }

    after(async () => {
      for (const server of servers) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    })

    it('throws code 0 when nobody answers, without telling the parameters', async () => {
      const outcome = await callAt(`http://127.0.0.1:${await freePort()}`)
      expect(outcome).to.include({ code: 0, httpStatus: 0, requestId: '' })
      expect(outcome.message).to.match(/^the gateway did not answer: \S/)
      expect(outcome.message).not.to.contain('pass').and.not.to.contain('client_secret')
    })

    it('throws code 0 when the answer takes longer than the time-out, in its head or in its body', async () => {
      const silent = await listen(createPlainServer(() => {}))
      const slow = await listen(createPlainServer((_, response) => response.write('{')))
      for (const port of [silent, slow]) {
        const outcome = await callAt(`http://127.0.0.1:${port}`, { timeout: 0.3 })
        expect(outcome).to.include({ code: 0, httpStatus: 0 })
        expect(outcome.message).to.match(/^the gateway did not answer/)
      }
    })

    it("throws code 0 for an answer that is not the gateway's, and follows no redirect", async () => {
      const answers: [number, string][] = [
        [502, '<html>Bad Gateway</html>'],
        [200, '"text"'],
        [200, '{"code":"200"}'],
        [302, ''],
      ]
      for (const [status, body] of answers) {
        const port = await listen(
          createPlainServer((request, response) => {
            const moved = request.url === '/elsewhere'
            response.writeHead(moved ? 200 : status, { Location: '/elsewhere' })
            response.end(moved ? '{"code":200,"data":[]}' : body)
          }),
        )
        const message = `HTTP ${status}, but no answer of the gateway`
        const expected = { code: 0, message, requestId: '', httpStatus: status }
        expect(await callAt(`http://127.0.0.1:${port}`)).to.deep.equal(expected)
      }
    })

    it('trusts no certificate but those of known authorities', async () => {
      const pem = readFileSync(certificateFile)
      const answer: RequestListener = (_, response) => response.end('{"code":200,"data":[],"message":""}')
      const port = await listen(createTlsServer({ key: pem, cert: pem }, answer))
      expect(await callAt(`https://localhost:${port}`)).to.include({ code: 0, httpStatus: 0 })
      const known = { caFile: certificateFile }
      expect(await callAt(`https://localhost:${port}`, known)).to.deep.equal({ data: [] })
      expect(await callAt(`https://127.0.0.2:${port}`, known)).to.include({ code: 0, httpStatus: 0 })
    })
  })
}
