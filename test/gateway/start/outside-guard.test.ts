import { expect } from 'chai'
import { once } from 'node:events'
import { get } from 'node:http'
import { type AddressInfo, connect, createServer, Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import { createTransport } from 'nodemailer'
import { loadConfig } from '../../../config/config.js'
import { ownPlaces, refuseConnections } from '../../../gateway/start/outside-guard.js'

describe('A process that stays inside', () => {
  // oxlint-disable-next-line typescript/unbound-method -- it is put back as it was
  const { connect: before } = Socket.prototype
  let connections = 0
  const server = createServer((socket) => {
    connections++
    socket.on('error', () => {}).end()
  })
  const port = () => (server.address() as AddressInfo).port
  const refused: string[] = []
  beforeEach(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening')
    connections = 0
    refused.length = 0
  })
  afterEach(() => {
    Object.assign(Socket.prototype, { connect: before })
    server.close()
  })

  const ways: Readonly<Record<string, () => Promise<unknown>>> = {
    'a socket': () => once(connect(port(), '127.0.0.1'), 'connect'),
    'a socket of its own': () => once(new Socket().connect({ port: port(), host: '127.0.0.1' }), 'connect'),
    TLS: () => once(connectSecurely({ port: port(), host: '127.0.0.1' }), 'secureConnect'),
    'a request': () => once(get(`http://127.0.0.1:${port()}/`), 'response'),
    fetch: () => fetch(`http://localhost:${port()}/`),
    mail: () =>
      createTransport({ url: `smtp://127.0.0.1:${port()}` }).sendMail({
        from: 'a@a.cn',
        to: 'b@b.cn',
        text: 't',
      }),
  }
  for (const [name, open] of Object.entries(ways))
    it(`opens no connection by ${name}`, async () => {
      refuseConnections(new Set(), (place) => refused.push(place))
      const failure = await open().then(
        () => undefined,
        (error: unknown) => error,
      )
      expect(failure, name).to.be.an('error')
      expect(refused).to.deep.equal([`${name === 'fetch' ? 'localhost' : '127.0.0.1'}:${port()}`])
      expect(connections).to.equal(0)
    })

  it('opens those to its own places', async () => {
    refuseConnections(new Set([`127.0.0.1:${port()}`]), (place) => refused.push(place))
    await once(connect(port(), '127.0.0.1'), 'connect')
    expect(refused).to.deep.equal([])
  })

  it('has its database and Redis for its own places, and nothing of a database in a file', () => {
    const places = (env: Record<string, string>) =>
      [...ownPlaces(loadConfig({ DATA_KEY: 'k'.repeat(32), JWT_SECRET: 'j'.repeat(32), ...env }))].sort()
    expect(places({})).to.deep.equal([])
    expect(
      places({ DATABASE_URL: 'mysql://a:b@One,two:3307/name', REDIS_URL: 'redis://[::1]:7000' }),
    ).to.deep.equal(['::1:7000', 'one:3306', 'two:3307'])
  })
})
