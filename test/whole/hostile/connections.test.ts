import { setTimeout as sleep } from 'node:timers/promises'
import type { Socket } from 'node:net'
import { expect } from 'chai'
import { paramError } from '../../answers.js'
import { exchange, openSocket, readToEnd } from './raw-socket.js'
import { withGateway } from '../../suite.js'

const head = 'Host: passport.test\r\nConnection: close\r\n'
const post = `POST /gateway?method=nope HTTP/1.1\r\n${head}`

withGateway('hostile connections', { TRUST_PROXY: '10.0.0.0/8' }, function (gateway) {
  this.timeout(60_000)
  // Whatever was sent, the server goes on, and has nothing to complain about.
  afterEach(async () => {
    const { uid } = await gateway.addUser()
    const { json } = await gateway.call('web.passport.getUserVerifyInfo', { uid: String(uid) })
    expect(json?.code).to.equal(200)
    expect(gateway.logLines.filter((line) => JSON.parse(line).level > 30)).to.deep.equal([])
  })

  const refused: Readonly<Record<string, [status: string, bytes: string | Buffer]>> = {
    'what is no HTTP': ['400', 'hello\r\n\r\n'],
    'an unknown version': ['400', `GET /gateway HTTP/9.9\r\n${head}\r\n`],
    'bytes in the URL that are not ASCII': ['400', `GET /gateway?method=用户 HTTP/1.1\r\n${head}\r\n`],
    'bytes in the URL that are no UTF-8': [
      '400',
      Buffer.concat([
        Buffer.from('GET /gateway?a='),
        Buffer.from([0xff, 0xb0, 0xa1]),
        Buffer.from(` HTTP/1.1\r\n${head}\r\n`),
      ]),
    ],
    'NUL in the URL': ['400', `GET /gateway?method=a\0b HTTP/1.1\r\n${head}\r\n`],
    'NUL in a header': ['400', `GET /gateway HTTP/1.1\r\n${head}X-A: a\0b\r\n\r\n`],
    'a URL of 40 KB': ['431', `GET /gateway?a=${'a'.repeat(40_000)} HTTP/1.1\r\n${head}\r\n`],
    'two lengths': ['400', `${post}Content-Length: 3\r\nContent-Length: 4\r\n\r\na=b`],
    'a length and chunks': ['400', `${post}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    'a negative length': ['400', `${post}Content-Length: -3\r\n\r\na=b`],
    'a length of 10 GB': ['413', `${post}Content-Length: 10000000000\r\n\r\na=b`],
    'broken chunks': ['400', `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\na=b\r\n`],
  }
  for (const [what, [status, bytes]] of Object.entries(refused))
    it(`get ${status} and JSON for ${what}`, async () => {
      const answer = await exchange(gateway.server.port, bytes)
      expect(answer.slice(0, 12)).to.equal(`HTTP/1.1 ${status}`)
      expect(answer.split('\r\n\r\n')[1]).to.equal(paramError)
    })

  it('get 400 for a body that ends too soon', async () => {
    const socket = await openSocket(gateway.server.port)
    const answer = readToEnd(socket)
    socket.end(`${post}Content-Length: 1000\r\n\r\na=b`)
    expect((await answer).slice(0, 12)).to.equal('HTTP/1.1 400')
  })

  it('cannot hide a request in the body of a GET', async () => {
    const hidden = `GET /gateway?method=hidden HTTP/1.1\r\nHost: passport.test\r\n\r\n`
    const outer = `GET /gateway?method=nope HTTP/1.1\r\nHost: passport.test\r\nContent-Length: ${hidden.length}\r\n\r\n`
    const answer = await exchange(
      gateway.server.port,
      `${outer}${hidden}GET /healthz HTTP/1.1\r\n${head}\r\n`,
    )
    expect(answer.match(/HTTP\/1\.1 \d+/g)).to.deep.equal(['HTTP/1.1 404', 'HTTP/1.1 200'])
  })

  it('may be cut in the middle of anything', async () => {
    const whole = `${post}Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{"method":"a","b":1}`
    for (let length = 1; length <= whole.length; length += 7) {
      const socket = await openSocket(gateway.server.port)
      socket.write(whole.slice(0, length))
      if (length % 2 === 0) socket.destroy()
      else socket.resetAndDestroy()
    }
  })

  describe('of slow clients', () => {
    const count = 50
    const begun = [
      'GET /gateway?method=web.passport.getLikeBr',
      `GET /gateway?method=nope HTTP/1.1\r\nHost: passport.test\r\nX-Long: aaaa`,
      `POST /gateway?method=nope HTTP/1.1\r\nHost: passport.test\r\nContent-Length: 1000\r\n\r\nmethod=`,
    ]
    let sockets: Socket[] = []
    afterEach(() => {
      for (const socket of sockets) socket.destroy()
      sockets = []
    })

    const openSlowly = async () => {
      sockets = await Promise.all(Array.from({ length: count }, () => openSocket(gateway.server.port)))
      for (const socket of sockets) socket.setNoDelay(true)
      const texts = sockets.map((_, at) => begun[at % begun.length] ?? '')
      for (let at = 0; at < Math.max(...texts.map(({ length }) => length)); at++) {
        for (const [which, socket] of sockets.entries()) socket.write(texts[which]?.slice(at, at + 1) ?? '')
        await sleep(1)
      }
    }

    it(`do not keep others waiting: ${count} of them send byte by byte, then nothing`, async () => {
      const { uid } = await gateway.addUser()
      const calls = async () => {
        const codes: unknown[] = []
        for (let call = 0; call < 20; call++)
          codes.push((await gateway.call('web.passport.getLikeBrand', { uid: String(uid) })).json?.code)
        return codes
      }
      const [, during] = await Promise.all([openSlowly(), calls()])
      expect(during).to.deep.equal(during.map(() => 200))
      expect(await calls()).to.deep.equal(during)
      expect(
        sockets.filter(({ closed }) => closed),
        'slow clients that were hung up on',
      ).to.deep.equal([])
    })

    if (process.env['TEST_LONG'] === '1')
      it('are answered 408 in the end', async function () {
        this.timeout(60_000)
        await openSlowly()
        const answers = await Promise.all(sockets.map(readToEnd))
        expect(answers.map((answer) => answer.slice(0, 12))).to.deep.equal(answers.map(() => 'HTTP/1.1 408'))
      })
  })
})
