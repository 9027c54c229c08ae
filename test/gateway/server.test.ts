import { expect } from 'chai'
import { setTimeout as sleep } from 'node:timers/promises'
import { createGateway } from '../../gateway/gateway.js'
import { type GatewayServer, type ServerTimeouts, startServer } from '../../gateway/server.js'
import { methodNotFound, paramError } from '../answers.js'
import type { HttpAnswer } from '../fetch-answer.js'
import { openRawConnection, type RawConnection, sendRaw } from './raw-connection.js'
import { withGateway } from '../suite.js'

const outline = ({ status, text }: HttpAnswer) => `${status} ${text}`

/** Status line and body of an answer as it went over the wire. */
function wireOutline(text: string): string {
  const [head = '', body = ''] = text.split('\r\n\r\n')
  return `${head.split('\r\n')[0]?.replace(/^HTTP\/1\.1 /, '')} ${body}`
}

withGateway('the HTTP server', (gateway) => {
  const servers: GatewayServer[] = []
  after(() => Promise.all(servers.map((server) => server.drain())))

  /** Another server over the same services, which waits for less long. */
  async function startImpatient(timeouts: Partial<ServerTimeouts>): Promise<GatewayServer> {
    const server = await startServer(createGateway(gateway.services), gateway.services, timeouts)
    servers.push(server)
    return server
  }

  it('takes a head of 32 KiB, and says 431 in JSON to a larger one', async () => {
    const withHeader = (length: number) =>
      sendRaw(
        gateway.server.port,
        `GET /gateway HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Long: ${'x'.repeat(length)}\r\n\r\n`,
      )
    expect(wireOutline(await withHeader(30 * 1024))).to.equal(`404 Not Found ${methodNotFound}`)
    const refused = await withHeader(33 * 1024)
    expect(wireOutline(refused)).to.equal(`431 Request Header Fields Too Large ${paramError}`)
    expect(refused).to.include('Content-Type: application/json;charset=UTF-8\r\n')
  })

  it('says 413 in the envelope to a body of 1 MiB, and takes no more of that connection', async () => {
    const body = `a=${'x'.repeat(1024 * 1024)}`
    for (const init of [{ body }, { body, headers: { 'Content-Type': 'application/json' } }]) {
      const answer = await gateway.request('/gateway', { method: 'POST', ...init })
      expect(outline(answer)).to.equal(`413 ${paramError}`)
      expect(answer.headers.get('connection')).to.equal('close')
    }
  })

  it('says 413 before such a body was sent, when its length is told', async () => {
    const connection = await openRawConnection(gateway.server.port)
    connection.send('POST /gateway HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1048576\r\n\r\na=1')
    expect(wireOutline(await connection.closed())).to.equal(`413 Payload Too Large ${paramError}`)
    connection.destroy()
  })

  it('says 415 to a body that is neither a form nor JSON', async () => {
    const headers = { 'Content-Type': 'text/plain' }
    const answer = await gateway.request('/gateway', { method: 'POST', headers, body: 'a=1' })
    expect(outline(answer)).to.equal(`415 ${paramError}`)
  })

  it('says 400 in JSON to what is no HTTP', async () => {
    for (const bytes of [
      'nonsense\r\n\r\n',
      'GET /gateway HTTP/9.9\r\n\r\n',
      'GET /gateway?name=张三 HTTP/1.1\r\nHost: localhost\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: localhost\r\nNo colon here\r\n\r\n',
      'POST /gateway HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n',
      'POST /gateway HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\na=1',
    ])
      expect(wireOutline(await sendRaw(gateway.server.port, bytes)), bytes).to.equal(
        `400 Bad Request ${paramError}`,
      )
  })

  it('answers requests that come in one piece one after the other', async () => {
    const one = 'GET /gateway HTTP/1.1\r\nHost: localhost\r\n\r\n'
    const last = 'GET /gateway HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
    const text = await sendRaw(gateway.server.port, one + one + last)
    expect(text.split('HTTP/1.1 404 Not Found')).to.have.length(4)
  })

  it('takes a GET with a body for one request, and no part of it for the next', async () => {
    const withBody = 'GET /gateway HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nGET '
    const chunked =
      'GET /gateway HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nGET \r\n0\r\n\r\n'
    const last = 'HEAD /gateway HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
    const text = await sendRaw(gateway.server.port, withBody + chunked + withBody + last)
    expect(text.split('HTTP/1.1 404 Not Found')).to.have.length(5)
  })

  it('cuts off a head that comes too slowly, with 408 in JSON', async () => {
    const { port } = await startImpatient({ headers: 100, request: 60_000 })
    const slow = await openRawConnection(port)
    const dripping = drip(slow, 'GET /gateway HTTP/1.1\r\nX-Slow: ', 'x')
    expect(wireOutline(await slow.closed())).to.equal(`408 Request Timeout ${paramError}`)
    slow.destroy()
    await dripping
  })

  it('cuts off a body that comes too slowly, with 408 in JSON', async () => {
    const { port } = await startImpatient({ headers: 100, request: 200 })
    const slow = await openRawConnection(port)
    const head = 'POST /gateway HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\na='
    const dripping = drip(slow, head, 'x')
    expect(wireOutline(await slow.closed())).to.equal(`408 Request Timeout ${paramError}`)
    slow.destroy()
    await dripping
  })

  it('lets go of a refused client that neither sends nor hangs up', async () => {
    const server = await startImpatient({ leave: 0, finish: 600_000 })
    const stubborn = await openRawConnection(server.port)
    stubborn.send('nonsense\r\n\r\n')
    await stubborn.closed()
    // Ends only when there is no connection left.
    await server.drain()
    stubborn.destroy()
  })

  it('closes an idle connection after a while', async () => {
    const { port } = await startImpatient({ keepAlive: 50 })
    const connection = await openRawConnection(port)
    connection.send('GET /gateway HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(wireOutline(await connection.closed())).to.equal(`404 Not Found ${methodNotFound}`)
    connection.destroy()
  })

  it('leaves a connection open that is used, however long', async () => {
    const { port } = await startImpatient({ keepAlive: 400 })
    const connection = await openRawConnection(port)
    for (let call = 1; call <= 6; call++) {
      connection.send('GET /gateway HTTP/1.1\r\nHost: localhost\r\n\r\n')
      await sleep(150)
      expect(connection.received().split('HTTP/1.1 404 Not Found')).to.have.length(call + 1)
    }
    await connection.closed()
    connection.destroy()
  })

  it('says 404 in JSON to a target without a path', async () => {
    for (const target of ['foo://host?x', 'http://[/']) {
      const request = `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`
      expect(wireOutline(await sendRaw(gateway.server.port, request)), target).to.equal(
        `404 Not Found ${methodNotFound}`,
      )
    }
  })

  it('says 404 in JSON for paths it does not have, and nothing of what it is made of', async () => {
    for (const path of ['/nothing', '/gateway/more', '/healthz/more', '/%', '/../etc/passwd', '//']) {
      const answer = await gateway.request(path)
      expect(answer.text, path).to.equal(methodNotFound)
      expect(answer.headers.get('x-powered-by')).to.equal(null)
    }
  })
})

/** Sends a byte at a time until the server ends the connection. */
async function drip(connection: RawConnection, first: string, more: string): Promise<void> {
  const over = new AbortController()
  void connection.closed().then(() => over.abort())
  connection.send(first)
  while (!over.signal.aborted) {
    await sleep(20)
    connection.send(more)
  }
}
