import { expect } from 'chai'
import { createLog } from '../../../../gateway/services/telemetry/log.js'
import { createMetrics, type Metrics } from '../../../../gateway/services/telemetry/metrics.js'
import {
  createWechatClient,
  type WechatClient,
  WechatRefusal,
} from '../../../../gateway/services/wechat/client.js'
import { createMovableClock, type MovableClock } from '../../../harness.js'
import {
  startVendorServer,
  type VendorReply,
  type VendorRequest,
  type VendorServer,
} from '../../../servers/sms/vendor-server.js'
import { detailOf } from './failures.js'

const readCall = { path: '/cgi-bin/token', query: { appid: 'wx1', secret: 'very-secret' } }
const codeCall = {
  path: '/sns/jscode2session',
  query: { secret: 'very-secret', js_code: 'one-time' },
  spendsCode: true,
}
const refused = (errcode: number): VendorReply => ({
  status: 200,
  json: { errcode, errmsg: 'for wx1, rid: 65a1' },
})

describe('a client of WeChat', () => {
  let server: VendorServer
  /** What it answers, one by one; the last one stays. */
  let replies: VendorReply[]
  let requests: VendorRequest[]
  let clock: MovableClock
  let lines: string[]
  let metrics: Metrics
  let client: WechatClient

  before(async () => {
    server = await startVendorServer((request) => {
      requests.push(request)
      const [first = refused(0)] = replies.length > 1 ? replies.splice(0, 1) : replies
      return first
    })
  })
  beforeEach(() => {
    server.mood = 'well'
    replies = []
    requests = []
    lines = []
    clock = createMovableClock()
    clock.freeze(Date.UTC(2026, 0, 5))
    metrics = createMetrics()
    client = clientOf(server.url)
  })
  after(() => server.stop())

  function clientOf(apiUrl: string): WechatClient {
    const log = createLog('info', { write: (line) => lines.push(line), flush() {}, flushSync() {} })
    return createWechatClient({ way: 'mini', apiUrl, clock, log, metrics, patience: 150 })
  }

  /** How many requests an action makes, whatever becomes of them. */
  async function requestsOf(action: () => Promise<unknown>): Promise<number> {
    const before = server.requests
    await action()
    return server.requests - before
  }

  it('gives the JSON of an answer, which WeChat calls a text', async () => {
    replies = [{ status: 200, json: { openid: 'o1', expires_in: 7200 }, type: 'text/plain' }]
    expect(await client.call(readCall)).to.deep.equal({ openid: 'o1', expires_in: 7200 })
    expect(requests.map(({ method, target }) => `${method} ${target}`)).to.deep.equal([
      'GET /cgi-bin/token?appid=wx1&secret=very-secret',
    ])
  })

  it('takes errcode 0 for no error, as a text or as nothing too', async () => {
    for (const errcode of [0, '0', null]) {
      replies = [{ status: 200, json: { errcode, errmsg: 'ok', ticket: 't' } }]
      expect(await client.call(readCall), String(errcode)).to.include({ ticket: 't' })
    }
  })

  it('reads an error that is a text as one: not again with a code, but again when it is busy', async () => {
    replies = [{ status: 200, json: { errcode: '40163', errmsg: 'code been used' } }]
    expect(await client.call(codeCall).catch((error: unknown) => error)).to.include({ errcode: 40163 })
    expect(requests).to.have.length(1)
    replies = [
      { status: 200, json: { errcode: '-1' } },
      { status: 200, json: { openid: 'o1' } },
    ]
    expect(await client.call(codeCall)).to.deep.equal({ openid: 'o1' })
  })

  it('reads control characters that WeChat leaves in a nickname as they are', async () => {
    const body = '{\n\t"nickname":"小\u0001\u0014明\n\\" \\\\\u0002\\\u0003 \\u4f60",\r\n "openid":"o1"\n}'
    replies = [{ status: 200, html: body, type: 'text/plain' }]
    expect(await client.call(readCall)).to.deep.equal({
      nickname: '小\u0001\u0014明\n" \\\u0002\u0003 你',
      openid: 'o1',
    })
  })

  it('asks no second time with a code for an empty answer or a page, and says what it was', async () => {
    for (const html of ['', ' ', '<html>稍后再试</html>', '{"openid":"o1"', 'null']) {
      replies = [{ status: 200, html }]
      client = clientOf(server.url)
      for (const [call, times] of [
        [readCall, 2],
        [codeCall, 1],
      ] as const)
        expect(
          await requestsOf(async () => expect(await detailOf(client.call(call))).to.equal('mini: no JSON')),
        ).to.equal(times)
    }
  })

  it('posts a body as JSON', async () => {
    await client.call({ path: '/wxa/x', query: { access_token: 't&=' }, body: { code: 'c' } })
    expect(requests[0]).to.include({
      method: 'POST',
      target: '/wxa/x?access_token=t%26%3D',
      body: '{"code":"c"}',
    })
    expect(requests[0]?.headers['content-type']).to.equal('application/json')
  })

  it('gives the error of WeChat as way and number, and does not ask twice', async () => {
    replies = [refused(40029)]
    const error: unknown = await client.call(codeCall).catch((error: unknown) => error)
    expect(error).to.be.instanceOf(WechatRefusal)
    expect(error).to.include({ key: 'WECHAT_FAILED', detail: 'mini: 40029', errcode: 40029 })
    expect(requests).to.have.length(1)
  })

  it('is not kept from WeChat by what it refuses', async () => {
    for (const errcode of [40029, 40163, 40125, 40001, 40029, 40163]) {
      replies = [refused(errcode)]
      expect(await detailOf(client.call(codeCall))).to.equal(`mini: ${errcode}`)
    }
    expect(client.isResting()).to.equal(false)
  })

  it('asks once more when WeChat is busy, also with a code', async () => {
    for (const call of [readCall, codeCall]) {
      replies = [refused(-1), { status: 200, json: { openid: 'o1' } }]
      expect(await requestsOf(() => client.call(call))).to.equal(2)
      replies = [refused(-1)]
      expect(
        await requestsOf(async () => expect(await detailOf(client.call(call))).to.equal('mini: -1')),
      ).to.equal(2)
    }
  })

  it('asks once more when the connection breaks before an answer, also with a code', async () => {
    server.mood = 'hangs up'
    for (const call of [readCall, codeCall])
      expect(await requestsOf(() => detailOf(client.call(call)))).to.equal(2)
    const nowhere = clientOf('http://127.0.0.1:9')
    expect(await detailOf(nowhere.call(readCall))).to.match(/^mini: (ECONNREFUSED|no answer)$/)
  })

  it('does not send a code twice when WeChat may have taken it', async () => {
    for (const [mood, detail] of [
      ['silent', 'mini: no answer in time'],
      ['bad gateway', 'mini: HTTP 502'],
    ] as const) {
      client = clientOf(server.url)
      server.mood = mood
      for (const [call, times] of [
        [readCall, 2],
        [codeCall, 1],
      ] as const)
        expect(
          await requestsOf(async () => expect(await detailOf(client.call(call))).to.equal(detail)),
          `${mood} ${call.path}`,
        ).to.equal(times)
    }
  })

  it('takes nothing for an answer that is none', async () => {
    const odd: [VendorReply, string][] = [
      [{ status: 200, html: '<html>' }, 'mini: no JSON'],
      [{ status: 200, json: [] }, 'mini: no JSON'],
      [{ status: 200, json: { errcode: '' } }, 'mini: no error code'],
      [{ status: 200, json: { errcode: 'x1' } }, 'mini: no error code'],
      [{ status: 302, json: {}, location: 'http://127.0.0.1:9/' }, 'mini: HTTP 302'],
    ]
    for (const [reply, detail] of odd) {
      client = clientOf(server.url)
      replies = [reply]
      expect(await detailOf(client.call(codeCall))).to.equal(detail)
    }
  })

  it('leaves WeChat alone for 30 s after three failures in a row, then one call tries it', async () => {
    server.mood = 'bad gateway'
    for (let n = 0; n < 3; n++) expect(await requestsOf(() => detailOf(client.call(readCall)))).to.equal(2)
    server.mood = 'well'
    expect(await detailOf(client.call(readCall))).to.equal('mini: left alone for a while')
    expect(requests).to.have.length(0)
    clock.advance(30_000)
    replies = [{ status: 200, json: {} }]
    const probe = client.call(readCall)
    expect(await detailOf(client.call(readCall))).to.equal('mini: left alone for a while')
    await probe
    await client.call(readCall)
    expect(requests).to.have.length(2)
  })

  it('leaves only that part of the API alone that fails', async () => {
    server.mood = 'bad gateway'
    for (let n = 0; n < 3; n++) await detailOf(client.call(readCall))
    server.mood = 'well'
    replies = [{ status: 200, json: { openid: 'o1' } }]
    expect(await client.call(codeCall)).to.include({ openid: 'o1' })
    expect(await client.call({ path: '/wxa/x', query: {} })).to.include({ openid: 'o1' })
    const ticket = { path: '/cgi-bin/ticket/getticket', query: {} }
    expect(await detailOf(client.call(ticket))).to.equal('mini: left alone for a while')
    expect(client.isResting()).to.equal(true)
  })

  it('is not kept from WeChat by a limit that one user has used up, nor woken by it', async () => {
    for (const errcode of [45009, 45011, 45011, 45009]) {
      replies = [refused(errcode)]
      expect(await requestsOf(() => detailOf(client.call(codeCall)))).to.equal(1)
    }
    expect(client.isResting()).to.equal(false)
    for (const errcode of [-1, -1, 45011, -1]) {
      replies = [refused(errcode)]
      expect(await detailOf(client.call(codeCall))).to.equal(`mini: ${errcode}`)
    }
    expect(client.isResting()).to.equal(true)
  })

  it('reads no answer that is longer than 64 KiB', async () => {
    replies = [{ status: 200, json: { openid: 'o'.repeat(65 * 1024) } }]
    expect(await detailOf(client.call(codeCall))).to.equal('mini: no whole answer')
  })

  it('leaves it alone for time-outs, errors of the server and a busy one', async () => {
    const troubles: (() => void)[] = [
      () => (server.mood = 'silent'),
      () => (server.mood = 'bad gateway'),
      () => (replies = [refused(-1)]),
    ]
    for (const trouble of troubles) {
      server.mood = 'well'
      client = clientOf(server.url)
      trouble()
      await Promise.all(Array.from({ length: 3 }, () => detailOf(client.call(codeCall))))
      expect(client.isResting()).to.equal(true)
    }
  })

  it('logs what went wrong without secret, code or text of WeChat', async () => {
    for (const errcode of [40029, 40125, 45009]) {
      replies = [refused(errcode)]
      await detailOf(client.call(codeCall))
    }
    server.mood = 'silent'
    for (let n = 0; n < 3; n++) await detailOf(client.call(readCall))
    const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(logged.map(({ level, detail }) => [level, detail])).to.deep.equal([
      [30, 'mini: 40029'],
      [40, 'mini: 40125'],
      [40, 'mini: 45009'],
      [40, 'mini: no answer in time'],
      [40, 'mini: no answer in time'],
      [40, 'cgi-bin'],
      [40, 'mini: no answer in time'],
    ])
    expect(logged[0]).to.include({ provider: 'mini', path: '/sns/jscode2session' })
    expect(logged[5]).to.include({ provider: 'mini', count: 3 })
    expect(lines.join('')).not.to.match(/very-secret|one-time|wx1|rid|127\.0\.0\.1/)
  })

  it('counts its calls', async () => {
    await client.call(readCall)
    replies = [refused(40029)]
    await detailOf(client.call(codeCall))
    replies = [refused(-1)]
    await detailOf(client.call(codeCall))
    const text = await metrics.registry.metrics()
    expect(text.split('\n').filter((line) => line.startsWith('gateway_wechat_calls_total'))).to.deep.equal([
      'gateway_wechat_calls_total{way="mini",outcome="answered"} 1',
      'gateway_wechat_calls_total{way="mini",outcome="refused"} 1',
      'gateway_wechat_calls_total{way="mini",outcome="failed"} 1',
    ])
  })
})
