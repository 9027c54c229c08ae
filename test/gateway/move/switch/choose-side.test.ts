import { expect } from 'chai'
import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type RunningProxy, startProxy } from '../../../../gateway/move/proxy/proxy.js'
import { chooseBy } from '../../../../gateway/move/switch/choose-side.js'
import { createRouteTable } from '../../../../gateway/move/switch/route-table.js'
import type { Side } from '../../../../gateway/move/switch/side.js'
import type { WatchedEnd } from '../../../../gateway/move/switch/watch-call.js'
import { openRawConnection, sendRaw } from '../../raw-connection.js'
import { movedRoute } from './moved-route.js'
import { type SeenCall, type SidedServer, startSidedServer } from './sided-server.js'

const read = 'web.passport.getUserVerifyInfo'
const write = 'web.passport.modifyUserContacts'
const other = 'web.passport.getUserHabits'
const closing = 'Host: passport.example\r\nConnection: close\r\n'
const form = 'Content-Type: application/x-www-form-urlencoded\r\n'
const json = 'Content-Type: application/json; charset=utf-8\r\n'
const multipart = 'Content-Type: multipart/form-data; boundary="a b+c"\r\n'

const field = (name: string, value: string) =>
  `--a b+c\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const file = (bytes: string) =>
  `--a b+c\r\nContent-Disposition: form-data; name="f"; filename="a.bin"\r\nContent-Type: image/png\r\n\r\n${bytes}\r\n`

describe('The choice of the server that answers a call', () => {
  let old: SidedServer
  let candidate: SidedServer
  let proxy: RunningProxy
  const ends: WatchedEnd[] = []
  const begun = new Map<string, Side>()
  const agent = new Agent({ keepAlive: true })
  let rows = [movedRoute(read), movedRoute(write)]
  before(async () => {
    old = await startSidedServer('old')
    candidate = await startSidedServer('new')
    proxy = await startProxy({
      host: '127.0.0.1',
      port: 0,
      upstream: () => old.url,
      choose: chooseBy({
        old: old.url,
        new: candidate.url,
        agent,
        routes: () => createRouteTable(rows),
        pairs: {
          sideOf: (id) => Promise.resolve(begun.get(id)),
          begin: (id, side) => (begun.set(id, side), Promise.resolve({ undo: () => Promise.resolve() })),
        },
        now: Date.now,
        ended: (_, end) => ends.push(end),
        failed: (error) => expect.fail(String(error)),
      }),
      tellsAddress: false,
      warn: () => {},
    })
  })
  after(async () => {
    await proxy.close(0)
    agent.destroy()
    await Promise.all([old.close(), candidate.close()])
  })
  const port = () => Number(new URL(proxy.url).port)
  const sideIn = (answer: string) => /X-Side: (\w+)/i.exec(answer)?.[1]
  /** Sends it with its length told. */
  const send = (verb: string, path: string, head = '', body = '') => {
    const length = body === '' ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`
    return sendRaw(port(), `${verb} ${path} HTTP/1.1\r\n${closing}${head}${length}\r\n${body}`)
  }
  const lastOf = (side: Side): SeenCall =>
    (side === 'old' ? old : candidate).calls.at(-1) ?? expect.fail('it was not asked')

  const bodies: Readonly<Record<string, readonly [head: string, body: string, side: Side]>> = {
    'a form': [form, `uid=1&method=${read}`, 'new'],
    'a form, escaped': [form, `method=web%2epassport%2EgetUserVerifyInfo&nickname=%E7%8E%8B+`, 'new'],
    'a form of a method without a route': [form, `uid=1&method=${other}`, 'old'],
    'a form without a type': ['', `uid=1&method=${read}`, 'new'],
    'an alias': [form, 'method=web.passport.changeVerifyEmail', 'old'],
    JSON: [json, `{"uid":5357305,"method":"${read}"}`, 'new'],
    'JSON, escaped, in lines': [json, `{\r\n "method" : "web.passport.get\\u0055serVerifyInfo" }\n`, 'new'],
    'JSON after a byte order mark': [json, `\ufeff{"method":"${read}"}`, 'new'],
    'JSON with its method further in': [json, `{"data":{"method":"${read}"}}`, 'old'],
    'JSON that is none': [json, `{"method":"${read}"`, 'old'],
    'a list': [json, `[{"method":"${read}"}]`, 'old'],
    'a multipart form': [multipart, `${field('uid', '1')}${field('method', read)}--a b+c--\r\n`, 'new'],
    'a multipart form after a file': [
      multipart,
      `${file('\u0001\u0002--a b\r\n')}${field('method', read)}--a b+c--\r\n`,
      'new',
    ],
    'a file of that name': [
      multipart,
      `${file(read).replace('name="f"', 'name="method"')}--a b+c--\r\n`,
      'old',
    ],
    'text of another kind': ['Content-Type: text/xml\r\n', `<method>${read}</method>`, 'old'],
  }
  for (const [title, [head, body, side]] of Object.entries(bodies))
    it(`reads the method in the body: ${title}`, async () => {
      const answer = await send('POST', '/gateway', head, body)
      expect(sideIn(answer), answer).to.equal(side)
      expect(lastOf(side)).to.deep.include({ url: '/gateway', end: 'whole' })
      expect(lastOf(side).body.toString()).to.equal(body)
    })

  it('takes the first of two names: the query counts before the body', async () => {
    const body = `method=${read}`
    expect(sideIn(await send('POST', `/gateway?method=${other}`, form, body))).to.equal('old')
    expect(sideIn(await send('POST', `/gateway?method=${read}`, form, `method=${other}`))).to.equal('new')
    expect(sideIn(await send('POST', `/gateway/${read}`, form, `method=${other}`))).to.equal('new')
  })

  it('reads a body that comes in chunks, and sends it on so', async () => {
    const chunked = `${form}Transfer-Encoding: chunked\r\n\r\n`
    const connection = await openRawConnection(port())
    connection.send(`POST /gateway HTTP/1.1\r\n${closing}${chunked}c\r\nuid=1&method\r\n`)
    await sleep(30)
    connection.send(`1f\r\n=${read}\r\n0\r\n\r\n`)
    expect(sideIn(await connection.closed())).to.equal('new')
    expect(lastOf('new').body.toString()).to.equal(`uid=1&method=${read}`)
    expect(lastOf('new').headers).to.include('chunked').and.not.to.include('Content-Length')
  })

  it('tells a client to go on that asks, once, and sends the whole call', async () => {
    for (const [path, body, side] of [
      ['/gateway', `method=${read}`, 'new'],
      ['/gateway', `method=${other}`, 'old'],
      [`/gateway?method=${read}`, 'uid=1', 'new'],
      [`/gateway?method=${other}`, 'uid=1', 'old'],
    ] as const) {
      const connection = await openRawConnection(port())
      connection.send(
        `POST ${path} HTTP/1.1\r\n${closing}${form}Expect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`,
      )
      await until(() => connection.received().includes('100 Continue'))
      connection.send(body)
      const answer = await connection.closed()
      expect(sideIn(answer), answer).to.equal(side)
      expect(answer.match(/100 Continue/g)).to.have.length(1)
      expect(answer).to.match(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/)
      expect(lastOf(side).body.toString()).to.equal(body)
    }
  })

  it('answers HEAD by the same side, without a body, and counts it as answered', async () => {
    ends.length = 0
    const answer = await send('HEAD', `/gateway?method=${read}`)
    expect(sideIn(answer)).to.equal('new')
    expect(answer).to.match(/\r\n\r\n$/)
    expect(ends).to.have.length(1)
    expect(ends[0]).to.include({ side: 'new', isError: false, isSuccess: true })
    expect(sideIn(await send('HEAD', `/gateway?method=${other}`))).to.equal('old')
  })

  it('answers clients of HTTP/1.0, without chunks, by either side', async () => {
    for (const [method, side] of [
      [read, 'new'],
      [other, 'old'],
    ] as const)
      for (const head of ['', 'Host: passport.example\r\n', 'Connection: keep-alive\r\n']) {
        const body = `uid=1&method=${method}`
        const calls = [
          `GET /gateway?method=${method} HTTP/1.0\r\n${head}\r\n`,
          `POST /gateway HTTP/1.0\r\n${head}${form}Content-Length: ${body.length}\r\n\r\n${body}`,
        ]
        for (const call of calls) {
          const answer = await sendRaw(port(), call)
          expect(sideIn(answer), call + answer).to.equal(side)
          expect(answer).not.to.match(/transfer-encoding/i)
          expect(answer.split('\r\n\r\n')[1]).to.equal(`{"code":200,"data":"${side}"}`)
        }
      }
  })

  it('sends very large bodies on as they come, whichever way it is named', async () => {
    const large = 'x'.repeat(2_000_000)
    const calls: readonly (readonly [path: string, head: string, body: string, side: Side])[] = [
      [`/gateway?method=${write}`, 'Content-Type: image/png\r\n', large, 'new'],
      [`/gateway?method=${write}`, form, `full_address=${large}`, 'new'],
      ['/gateway', form, `method=${write}&full_address=${large}`, 'new'],
      ['/gateway', multipart, `${field('method', write)}${file(large)}--a b+c--\r\n`, 'new'],
      // Nobody reads so far to learn what it is.
      ['/gateway', multipart, `${file(large)}${field('method', write)}--a b+c--\r\n`, 'old'],
      ['/gateway', form, `full_address=${large}&method=${write}`, 'old'],
      ['/gateway', json, `{"method":"${write}","full_address":"${large}"}`, 'old'],
    ]
    for (const [path, head, body, side] of calls) {
      const answer = await send('POST', path, head, body)
      expect(sideIn(answer), `${path} ${head} ${body.slice(0, 60)}`).to.equal(side)
      const { end, body: arrived } = lastOf(side)
      expect(end).to.equal('whole')
      expect(arrived.equals(Buffer.from(body)), `${path} ${head}`).to.equal(true)
    }
  })

  it('keeps a pair together whose number stands in a body of any kind', async () => {
    rows = [movedRoute('web.passport.sendcode'), movedRoute('web.passport.checkcode')]
    const mobile = '13912345678'
    expect(
      sideIn(await send('POST', '/gateway', json, `{"method":"web.passport.sendcode","mobile":${mobile}}`)),
    ).to.equal('new')
    // Back, before the code is checked.
    rows = rows.map((row) => ({ ...row, share: 0 }))
    const checks: readonly (readonly [string, string])[] = [
      [form, `method=web.passport.checkcode&mobile=${mobile}&code=1`],
      [json, `{"method":"web.passport.checkcode","mobile":"${mobile}","code":"1"}`],
      [
        multipart,
        `${field('method', 'web.passport.checkcode')}${field('mobile', `+86${mobile}`)}--a b+c--\r\n`,
      ],
    ]
    for (const [head, body] of checks)
      expect(sideIn(await send('POST', '/gateway', head, body)), body).to.equal('new')
    const stranger = 'method=web.passport.checkcode&mobile=13912345679&code=1'
    expect(sideIn(await send('POST', '/gateway', form, stranger))).to.equal('old')
    rows = [movedRoute(read), movedRoute(write)]
  })

  it('sends nothing on of a call that its client breaks off while it is read', async () => {
    const seen = () => old.calls.length + candidate.calls.length
    const before = seen()
    for (const head of [
      'Content-Length: 500\r\n\r\nuid=1',
      'Transfer-Encoding: chunked\r\n\r\n5\r\nuid=1\r\n',
    ]) {
      const connection = await openRawConnection(port())
      connection.send(`POST /gateway HTTP/1.1\r\n${closing}${form}${head}`)
      await sleep(50)
      connection.destroy()
    }
    await sleep(100)
    expect(seen()).to.equal(before)
  })

  it('breaks a call off at its server where the client does, in a large body or before the answer', async () => {
    ends.length = 0
    const body = `method=${write}&full_address=${'x'.repeat(1_000_000)}`
    const uploading = await openRawConnection(port())
    uploading.send(`POST /gateway HTTP/1.1\r\n${closing}${form}Content-Length: 5000000\r\n\r\n${body}`)
    await until(() => lastOf('new').end === 'open')
    uploading.destroy()
    await until(() => lastOf('new').end === 'cut')
    const before = candidate.brokenOff()
    const waiting = await openRawConnection(port())
    waiting.send(`GET /gateway?method=${read}&slow=1 HTTP/1.1\r\n${closing}\r\n`)
    await until(() => lastOf('new').url.includes('slow'))
    waiting.destroy()
    await until(() => candidate.brokenOff() === before + 1)
    // It says nothing of the new server, and the old one was not asked in its place.
    await sleep(50)
    expect(ends).to.deep.equal([])
    expect(old.calls.filter(({ url }) => url.includes('slow'))).to.deep.equal([])
  })

  it('asks the old server in the place of a new one that is not there, whatever the body', async () => {
    await candidate.close()
    const large = `method=${write}&full_address=${'x'.repeat(3_000_000)}`
    for (const [head, body] of [
      [form, `method=${write}`],
      [json, `{"method":"${write}"}`],
      [form, large],
    ] as const) {
      const answer = await send('POST', '/gateway', head, body)
      expect(sideIn(answer), answer).to.equal('old')
      expect(lastOf('old').body.equals(Buffer.from(body))).to.equal(true)
    }
    const chunked = `${form}Transfer-Encoding: chunked\r\n\r\n26\r\nmethod=${write}\r\n0\r\n\r\n`
    expect(sideIn(await sendRaw(port(), `POST /gateway HTTP/1.1\r\n${closing}${chunked}`))).to.equal('old')
    expect(lastOf('old').body.toString()).to.equal(`method=${write}`)
  })
})

async function until(holds: () => boolean): Promise<void> {
  for (const giveUpAt = Date.now() + 5000; !holds(); await sleep(5))
    if (Date.now() > giveUpAt) throw new Error('it did not come about within 5 seconds')
}
