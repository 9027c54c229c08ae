import { expect } from 'chai'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server as TcpServer,
  type Socket,
} from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { requireProgram } from '../../servers/available.js'
import { freePort } from '../../servers/processes/process.js'
import { certificateFile, type PhpOutcome, runPhp } from './php-runner.js'

for (const transport of [undefined, 'stream']) {
  describe(`the PHP client, calling by ${transport ?? 'its preferred transport'}`, () => {
    let php: string
    const servers: Server[] = []
    const rawServers: TcpServer[] = []
    const sockets = new Set<Socket>()
    const options = transport === undefined ? {} : { transport }

    before(function () {
      php = requireProgram(this, 'php')
    })

    async function listen(server: Server): Promise<number> {
      servers.push(server)
      await once(server.listen(0, '127.0.0.1'), 'listening')
      return (server.address() as AddressInfo).port
    }

    /** A server that says what it will, whatever it is asked. */
    async function listenRaw(answer: (socket: Socket) => void | Promise<void>): Promise<number> {
      const server = createTcpServer((socket) => {
        sockets.add(socket)
        socket.on('error', () => {})
        socket.once('data', () => void answer(socket))
      })
      await once(server.listen(0, '127.0.0.1'), 'listening')
      rawServers.push(server)
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
      for (const socket of sockets) socket.destroy()
      for (const server of rawServers) await new Promise((resolve) => server.close(resolve))
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

    it('keeps its time-out while an answer drips, wherever it does', async () => {
      const body = '{"code":200,"data":[],"message":""}'
      const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
      const drips: [string, string, string][] = [
        ['lines of the head', 'HTTP/1.1 200 OK\r\n', 'X-Wait: 1\r\n'],
        ['answers before the answer', '', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
        ['chunks', chunked, '1\r\n \r\n'],
        ['the length of a chunk', chunked, '0'],
        ['what a chunk’s length is followed by', `${chunked}1;`, 'x'],
        ['a body of a length', `HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n${body}`, ' '],
        ['a body without a length', `HTTP/1.1 200 OK\r\n\r\n${body}`, ' '],
      ]
      for (const [what, first, drip] of drips) {
        const port = await listenRaw((socket) => {
          socket.write(first)
          // curl gives up by itself after sixteen digits of a length: they last longer than the time-out.
          const timer = setInterval(() => socket.write(drip), 40)
          socket.once('close', () => clearInterval(timer))
        })
        const from = performance.now()
        const outcome = await callAt(`http://127.0.0.1:${port}`, { timeout: 0.5 })
        expect(outcome, what).to.include({ code: 0, httpStatus: 0 })
        expect(outcome.message, what).to.match(/^the gateway did not answer/)
        expect(performance.now() - from, what).to.be.within(450, 5000)
      }
    })

    it('reads an answer in pieces, behind others, in chunks with trailers, and from who keeps the connection', async () => {
      const body = `{"code":200,${' '.repeat(60_000)}"data":{"text":"你好"},"message":""}`
      const bytes = Buffer.from(body)
      const chunks = [bytes.subarray(0, 7), bytes.subarray(7, 20_001), bytes.subarray(20_001)].flatMap(
        (chunk) => [Buffer.from(`${chunk.length.toString(16)};a=b\r\n`), chunk, Buffer.from('\r\n')],
      )
      const head = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-Request-Id: r1\r\n'
      const answers = [
        [`${head}Transfer-Encoding: chunked\r\n\r\n`, ...chunks, '0\r\nX-Trailer: 1\r\n', '\r\n'],
        [`${head}Content-Length: ${bytes.length}\r\n\r\n`, bytes.subarray(0, 1), bytes.subarray(1)],
      ]
      for (const pieces of answers) {
        const port = await listenRaw(async (socket) => {
          for (const piece of pieces) {
            socket.write(piece)
            await sleep(10)
          }
        })
        expect(await callAt(`http://127.0.0.1:${port}`)).to.deep.equal({ data: { text: '你好' } })
      }
    })

    it('says that an answer broke off', async () => {
      for (const answer of [
        '',
        'HTTP/1.1 200 OK\r\n',
        'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"code":200}',
      ]) {
        const port = await listenRaw((socket) => void socket.end(answer))
        const { code, message } = await callAt(`http://127.0.0.1:${port}`)
        expect(code).to.equal(0)
        // Of a head without an end curl says the status.
        expect(message).to.match(/^the gateway did not answer: \S|^HTTP 200, but no answer/)
      }
    })

    it('unpacks gzip that nobody asked for, and names any other encoding', async () => {
      const plain = '{"code":200,"data":["你好"],"message":""}'
      const salt = 'a salt'
      const checksum = createHash('md5').update(`${salt}:${createHash('md5').update(plain).digest('hex')}`)
      const asked: (string | undefined)[] = []
      const answers: [string, Buffer, object][] = [
        ['gzip', gzipSync(plain), { data: ['你好'] }],
        ['identity', Buffer.from(plain), { data: ['你好'] }],
        [
          'br',
          brotliCompressSync(plain),
          { code: 0, message: "the answer is encoded as br and can't be read" },
        ],
        ['gzip', Buffer.from(plain), { code: 0, message: "the answer is encoded as gzip and can't be read" }],
        ['gzip', gzipSync(Buffer.alloc(17 << 20)), { code: 0 }],
      ]
      const digest = checksum.digest('hex')
      for (const [encoding, body, expected] of answers) {
        const port = await listen(
          createPlainServer((request, response) => {
            asked.push(request.headers['accept-encoding'])
            response.writeHead(200, { 'Content-Encoding': encoding, 'X-YH-Response-Checksum': digest })
            response.end(body)
          }),
        )
        expect(await callAt(`http://127.0.0.1:${port}`, { salt })).to.deep.include(expected)
      }
      expect(new Set(asked)).to.deep.equal(new Set(['identity']))
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
