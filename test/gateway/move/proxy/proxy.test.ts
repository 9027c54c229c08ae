import { expect } from 'chai'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ExchangeEnd, ExchangeObserver } from '../../../../gateway/move/proxy/observer.js'
import { type RunningProxy, startProxy } from '../../../../gateway/move/proxy/proxy.js'
import { freePort } from '../../../servers/processes/process.js'
import { openRawConnection, sendRaw } from '../../raw-connection.js'
import { type OddUpstream, startOddUpstream } from './odd-upstream.js'

const closing = 'Host: old.example\r\nConnection: close\r\n'

describe('The proxy before an old server', () => {
  let upstream: OddUpstream
  let proxy: RunningProxy
  let observer: (() => ExchangeObserver | undefined) | undefined
  const warnings: string[] = []
  before(async () => {
    upstream = await startOddUpstream()
    proxy = await start(upstream.url)
  })
  after(async () => {
    await proxy.close(0)
    await upstream.close()
  })
  const start = (url: URL) =>
    startProxy({
      host: '127.0.0.1',
      port: 0,
      upstream: () => url,
      observe: () => observer?.(),
      tellsAddress: false,
      warn: (text) => warnings.push(text),
    })
  const portOf = ({ url }: RunningProxy) => Number(new URL(url).port)

  const paths = [
    'length',
    'chunks',
    'until-closed',
    'nothing',
    'unchanged',
    'moved',
    'packed',
    'large',
    'other',
  ]
  for (const verb of ['GET', 'HEAD', 'POST']) {
    it(`answers ${verb} as the old server does, to the byte`, async () => {
      for (const path of paths) {
        const call = `${verb} /${path}?x=%E4%B8%AD&y=a+b HTTP/1.1\r\n${closing}${verb === 'POST' ? 'Content-Length: 0\r\n' : ''}\r\n`
        const direct = await sendRaw(upstream.port, call)
        expect(direct, path).to.match(/^HTTP\/1\.1 \d{3} /)
        expect(await sendRaw(portOf(proxy), call), path).to.equal(direct)
      }
    })
  }

  it('passes headers on as they were written, and bodies of any kind', async () => {
    const body = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('')
    const head = `${closing}X-Odd-CASE: a  b\r\nx-odd-case: c\r\nCookie: _UID=x::5\r\n`
    const boundary =
      '--b\r\nContent-Disposition: form-data; name="f"; filename="a.bin"\r\n\r\n1234\r\n--b--\r\n'
    const calls = [
      `${head}Content-Length: 256\r\n\r\n${body}`,
      `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3\r\nyou\r\n0\r\n\r\n`,
      `${head}Content-Type: multipart/form-data; boundary=b\r\nContent-Length: ${boundary.length}\r\n\r\n${boundary}`,
    ]
    for (const call of calls) {
      await sendBytes(upstream.port, `PUT /put HTTP/1.1\r\n${call}`)
      await sendBytes(portOf(proxy), `PUT /put HTTP/1.1\r\n${call}`)
      expect(upstream.bodies.at(-1)).to.equal(upstream.bodies.at(-2))
      expect(upstream.heads.at(-1)).to.deep.equal(upstream.heads.at(-2))
    }
    expect(upstream.bodies.at(-1)).to.equal(boundary)
  })

  it('keeps a connection as long as the old server keeps its own', async () => {
    const connection = await openRawConnection(portOf(proxy))
    for (let count = 1; count <= 3; count++) {
      connection.send('GET /length HTTP/1.1\r\nHost: old.example\r\n\r\n')
      await until(() => connection.received().split('hello').length === count + 1)
    }
    expect(connection.received()).not.to.match(/Connection: close/i)
    connection.destroy()
  })

  it('answers calls that were sent ahead, in their order', async () => {
    const calls = ['a', 'b', 'c'].map((name) => `GET /${name} HTTP/1.1\r\nHost: old.example\r\n\r\n`)
    const connection = await openRawConnection(portOf(proxy))
    connection.send(calls.join(''))
    await until(() => connection.received().includes('GET /c 0'))
    expect(connection.received().match(/GET \/\w 0/g)).to.deep.equal(['GET /a 0', 'GET /b 0', 'GET /c 0'])
    connection.destroy()
  })

  it('lets the old server say whether to go on', async () => {
    const head = `POST /put HTTP/1.1\r\n${closing}Content-Length: 4\r\nExpect: 100-continue\r\n`
    const connection = await openRawConnection(portOf(proxy))
    connection.send(`${head}\r\n`)
    await until(() => connection.received().includes('100 Continue'))
    connection.send('body')
    expect(await connection.closed()).to.match(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n[^]*POST \/put 4/,
    )
    expect(await sendRaw(portOf(proxy), `${head}X-Refuse: 1\r\n\r\n`)).to.match(/^HTTP\/1\.1 417 /)
  })

  it('joins a client that changes its protocol', async () => {
    const connection = await openRawConnection(portOf(proxy))
    connection.send(
      'GET /socket HTTP/1.1\r\nHost: old.example\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n',
    )
    await until(() => connection.received().includes('101 Switching Protocols'))
    connection.send('ping')
    await until(() => connection.received().includes('echo /socket ping'))
    connection.destroy()
  })

  it('breaks off where the old server does', async () => {
    const call = `GET /broken HTTP/1.1\r\n${closing}\r\n`
    const answer = await sendRaw(portOf(proxy), call)
    expect(answer).to.equal(await sendRaw(upstream.port, call))
    expect(answer).to.match(/only a part$/)
  })

  it('tells the old server at once when a client is gone', async () => {
    const before = upstream.brokenOff()
    const connection = await openRawConnection(portOf(proxy))
    connection.send(`GET /slow HTTP/1.1\r\n${closing}\r\n`)
    // The first events come while others are still to be sent.
    await until(() => connection.received().includes('data: 3'))
    connection.destroy()
    await until(() => upstream.brokenOff() === before + 1)
  })

  it('answers 502 where no old server is, and says so once', async () => {
    const alone = await start(new URL(`http://127.0.0.1:${await freePort()}`))
    const before = warnings.length
    for (let count = 0; count < 3; count++)
      expect(await sendRaw(portOf(alone), `GET / HTTP/1.1\r\n${closing}\r\n`)).to.match(/^HTTP\/1\.1 502 /)
    expect(warnings.slice(before)).to.have.length(1)
    await alone.close(0)
  })

  it('tells an observer what passes, and how it ended', async () => {
    const seen: string[] = []
    const ends: ExchangeEnd[] = []
    observer = () => ({
      called: (bytes) => seen.push(`called ${bytes.toString()}`),
      asked: () => seen.push('asked'),
      answered: ({ statusCode }) => seen.push(`answered ${statusCode}`),
      answering: (bytes) => seen.push(`answering ${bytes.toString()}`),
      ended: (end) => ends.push(end),
    })
    await sendRaw(portOf(proxy), `POST /length HTTP/1.1\r\n${closing}Content-Length: 4\r\n\r\nbody`)
    await sendRaw(portOf(proxy), `GET /broken HTTP/1.1\r\n${closing}\r\n`)
    const connection = await openRawConnection(portOf(proxy))
    connection.send(`GET /slow HTTP/1.1\r\n${closing}\r\n`)
    await until(() => connection.received().includes('data: 1'))
    connection.destroy()
    await until(() => ends.length === 3)
    observer = undefined
    expect(seen.slice(0, 4)).to.have.members(['called body', 'asked', 'answered 200', 'answering hello'])
    expect(ends).to.deep.equal(['complete', 'upstream failed', 'client gone'])
  })

  it('calls an observer off that throws, says so once and passes on', async () => {
    const failing = await start(upstream.url)
    const before = warnings.length
    observer = () => {
      throw new Error('no space left on device')
    }
    for (let count = 0; count < 3; count++)
      expect(await sendRaw(portOf(failing), `GET /length HTTP/1.1\r\n${closing}\r\n`)).to.match(/hello$/)
    observer = undefined
    expect(warnings.slice(before)).to.deep.equal([
      'recording has stopped, and calls pass on: no space left on device',
    ])
    await failing.close(0)
  })
})

/** As sendRaw, for bytes that are no UTF-8. */
async function sendBytes(port: number, bytes: string): Promise<void> {
  const { connect } = await import('node:net')
  await new Promise<void>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
    socket.on('error', reject)
    socket.resume().on('end', () => resolve())
  })
}

async function until(holds: () => boolean): Promise<void> {
  for (const giveUpAt = Date.now() + 5000; !holds(); await sleep(5))
    if (Date.now() > giveUpAt) throw new Error('it did not come about within 5 seconds')
}
