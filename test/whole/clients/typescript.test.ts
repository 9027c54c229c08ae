import { expect } from 'chai'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { PassportClient } from 'passport-gateway/client'
import {
  createPassportClient,
  type PassportClientSettings,
  PassportError,
  type PassportResult,
} from '../../../gateway/client/passport-client.js'
import { signHmac, signLegacy } from '../../../gateway/wire/signature.js'
import { projectRoot, readSources } from '../architecture/source-tree.js'
import { startGateway, type TestApp } from '../../harness.js'
import { freePort } from '../../servers/processes/process.js'
import { withGateway } from '../../suite.js'

const secret = '0123456789abcdef0123456789abcdef'

/** What a call was refused with; fails when it was not. */
async function refusal(call: Promise<unknown>): Promise<PassportError> {
  try {
    await call
  } catch (error) {
    if (error instanceof PassportError) return error
    throw error
  }
  return expect.fail('the call succeeded')
}

describe('the TypeScript client', () => {
  const servers: Server[] = []

  async function listen(answer: RequestListener): Promise<string> {
    const server = createServer(answer)
    servers.push(server)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  const clientOf = (baseUrl: string, more: Partial<PassportClientSettings> = {}): PassportClient =>
    createPassportClient({ baseUrl, app: 'web', secret, scheme: 'legacy', ...more })

  after(async () => {
    for (const server of servers) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  /** A server that keeps what it is sent and answers as a gateway would. */
  async function listenAndKeep(): Promise<{ baseUrl: string; seen: [IncomingMessage, URLSearchParams][] }> {
    const seen: [IncomingMessage, URLSearchParams][] = []
    const baseUrl = await listen((request, response) => {
      void text(request).then((body) => {
        const query = new URL(request.url ?? '', 'http://a.example').search
        seen.push([request, new URLSearchParams(query || body)])
        response.end('{"code":200,"data":[],"message":""}')
      })
    })
    return { baseUrl, seen }
  }

  it('needs nothing of the server at run time but how signatures are made', () => {
    const sources = new Map(readSources(['gateway', 'schemas']).map((source) => [source.path, source]))
    const needed = new Set(['gateway/client/passport-client.ts'])
    for (const path of needed) {
      const imports = sources.get(path)?.imports ?? []
      for (const { target, isTypeOnly } of imports) if (!isTypeOnly) needed.add(target)
    }
    expect([...needed].sort()).to.deep.equal([
      'gateway/client/exchange.ts',
      'gateway/client/passport-client.ts',
      'gateway/wire/signature.ts',
      'node:crypto',
    ])
  })

  it('is what the package exports as passport-gateway/client, with its types', () => {
    const { exports } = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8'))
    const { types, default: code } = exports['./client']
    expect(types).to.equal(code.replace(/\.js$/, '.d.ts'))
    const source = code.replace('./dist/', '').replace(/\.js$/, '.ts')
    expect(existsSync(join(projectRoot(), source)), source).to.equal(true)
    const { compilerOptions } = JSON.parse(readFileSync(join(projectRoot(), 'tsconfig.json'), 'utf8'))
    expect(compilerOptions).to.include({ declaration: true, outDir: 'dist', rootDir: '.' })
  })

  it('signs what it sends, common parameters included, and never sends the private key', async () => {
    const { baseUrl, seen } = await listenAndKeep()
    const common = { app_version: '3.8.2', private_key: secret, client_type: 'other', note: ' 张三 +%&= ' }
    for (const scheme of ['legacy', 'hmac-sha256'] as const) {
      const client = clientOf(`${baseUrl}/base/`, { scheme, common })
      await client.call('web.passport.sendcode', { mobile: '', area: '86' })
      await client.call('web.passport.sendcode', { mobile: '1' }, { verb: 'GET' })
    }
    expect(seen.map(([{ method, url }]) => `${method} ${url?.split('?')[0]}`)).to.deep.equal([
      'POST /base/gateway',
      'GET /base/gateway',
      'POST /base/gateway',
      'GET /base/gateway',
    ])
    const [first, second, third, fourth] = seen.map(([, sent]) => Object.fromEntries(sent))
    const standard = { app_version: '3.8.2', client_type: 'web', method: 'web.passport.sendcode' }
    const legacy = { ...standard, note: common.note, mobile: '', area: '86' }
    expect(first).to.deep.equal({ ...legacy, client_secret: signLegacy(legacy, secret) })
    expect(second).to.include({ mobile: '1' }).and.not.to.have.property('area')
    for (const sent of [third, fourth]) {
      expect(sent).to.include({
        ...standard,
        sign_method: 'hmac-sha256',
        client_secret: signHmac(sent ?? {}, secret),
      })
      expect(sent).not.to.have.property('private_key')
      expect(sent?.['timestamp']).to.match(/^\d{10}$/)
    }
    expect(third?.['nonce'])
      .to.match(/^[0-9a-f]{32}$/)
      .and.not.equal(fourth?.['nonce'])
  })

  it('sends headers of all calls and of one, and the token of a session', async () => {
    const { baseUrl, seen } = await listenAndKeep()
    const client = clientOf(baseUrl, { headers: { 'X-Real-IP': '203.0.113.1', 'X-Site': 'a' } })
    await client.call(
      'front.account.login.logout',
      {},
      { session: 'a.b.c', headers: { 'X-Real-IP': '203.0.113.2' } },
    )
    expect(seen[0]?.[0].headers).to.include({
      authorization: 'Bearer a.b.c',
      'x-real-ip': '203.0.113.2',
      'x-site': 'a',
    })
  })

  it('throws code 0 when nobody answers, with the reason', async () => {
    const port = await freePort()
    const error = await refusal(clientOf(`http://127.0.0.1:${port}`).call('front.account.user.listsExpRule'))
    expect(error).to.include({ name: 'PassportError', code: 0, requestId: '' })
    expect(error.message).to.match(/^the gateway did not answer: .*ECONNREFUSED/)
    expect(error.cause).to.be.instanceOf(Error)
  })

  it('throws code 0 when the answer takes longer than the time-out, in its head or in its body', async () => {
    for (const answer of [
      () => {},
      (_: unknown, response: { write(text: string): void }) => response.write('{'),
    ]) {
      const client = clientOf(await listen(answer), { timeoutMs: 200 })
      const error = await refusal(client.call('front.account.user.listsExpRule'))
      expect(error).to.include({ code: 0, message: 'the gateway did not answer: not within 200 ms' })
    }
  })

  it('stops when the caller gives up', async () => {
    const controller = new AbortController()
    const baseUrl = await listen(() => controller.abort(new Error('the visitor has left')))
    const options = { signal: controller.signal }
    const error = await refusal(clientOf(baseUrl).call('front.account.user.listsExpRule', {}, options))
    expect(error).to.include({ code: 0, message: 'the gateway did not answer: the visitor has left' })
  })

  it("throws code 0 for an answer that is not the gateway's, and follows no redirect", async () => {
    for (const [status, body] of [
      [502, '<html>Bad Gateway</html>'],
      [200, 'null'],
      [200, '{"code":"200"}'],
      [302, ''],
    ] as const) {
      const baseUrl = await listen((request, response) => {
        const moved = request.url === '/elsewhere'
        response.writeHead(moved ? 200 : status, { Location: '/elsewhere', 'X-Request-Id': 'proxy-12345' })
        response.end(moved ? '{"code":200,"data":[]}' : body)
      })
      const error = await refusal(clientOf(baseUrl).call('front.account.user.listsExpRule'))
      const message = `HTTP ${status}, but no answer of the gateway`
      expect(error).to.include({ code: 0, message, requestId: 'proxy-12345' })
    }
  })
})

withGateway('the TypeScript client with a gateway', (gateway, database) => {
  let uid: number
  const apps: TestApp[] = []

  before(async () => {
    apps.push(gateway.web, await gateway.addApp({ name: 'shop', scheme: 'hmac-sha256' }))
    uid = (await gateway.addUser({ password: 'a+b & 张三%', nickname: 'zhang' })).uid
  })

  const clientOf = ({ name, ...app }: TestApp, more: Partial<PassportClientSettings> = {}): PassportClient =>
    createPassportClient({ baseUrl: gateway.url, app: name, ...app, ...more })

  it('calls in both schemes, by POST and GET, and knows the types of what comes back', async () => {
    for (const app of apps) {
      for (const verb of ['POST', 'GET'] as const) {
        const client = clientOf(app)
        const params = { uid, password: 'a+b & 张三%' }
        expect(await client.call('web.passport.verifyUserPwd', params, { verb })).to.deep.equal({
          code: 200,
          message: 'success.',
        })
        const address = '  北京 a+b %2B &=?#\u{1F600}"  '
        await client.call('web.passport.modifyUserContacts', { uid, full_address: address, qq: '' }, { verb })
        const contacts: PassportResult<'web.passport.getUserContacts'> = await client.call(
          'web.passport.getUserContacts',
          { uid },
          { verb },
        )
        expect(contacts.full_address).to.equal(address)
        expect(contacts.uid.toFixed(0)).to.equal(String(uid))
      }
    }
  })

  it('does not compile with a wrong method, parameter or use of a result, nor does the gateway take them', async () => {
    const client = clientOf(gateway.web)
    // @ts-expect-error -- there is no such method
    expect(await refusal(client.call('web.passport.nothing', {}))).to.include({
      code: 1000,
      message: '接口不存在',
    })
    // @ts-expect-error -- the parameters are missing
    expect(await refusal(client.call('web.passport.sendcode'))).to.include({ code: 401 })
    // @ts-expect-error -- a required parameter is missing
    expect(await refusal(client.call('web.passport.sendcode', { area: '86' }))).to.include({ code: 401 })
    // @ts-expect-error -- a parameter is misspelt
    expect(await refusal(client.call('web.passport.sendcode', { mobil: '13912345678' }))).to.include({
      code: 401,
    })
    // @ts-expect-error -- a parameter is of the wrong type
    expect(await refusal(client.call('open.passport.get', { uid: 'x' }))).to.include({ code: 421 })
    const habits = await client.call('web.passport.getUserHabits', { uid })
    // @ts-expect-error -- the result has no such field
    expect(habits.colour).to.equal(undefined)
  })

  it("throws the gateway's code, text and request id", async () => {
    const error = await refusal(clientOf(gateway.web).call('web.passport.sendcode', { mobile: '123' }))
    expect(error).to.include({ name: 'PassportError', code: 402, message: '手机号码格式错误' })
    expect(error.requestId).to.match(/^[\w.-]{8,64}$/)
    expect(gateway.logLines.join('')).to.contain(error.requestId)
  })

  it('is refused with a wrong secret, the wrong scheme or an unknown name', async () => {
    const [web, shop] = apps as [TestApp, TestApp]
    const wrong: TestApp[] = [
      { ...web, secret },
      { ...shop, secret },
      { ...shop, scheme: 'legacy' },
      { ...web, name: 'nobody' },
    ]
    for (const app of wrong) {
      const error = await refusal(clientOf(app).call('open.passport.get', { uid }))
      expect(error).to.include({ code: 500, message: '数据验证错误.' })
    }
  })

  it('checks the checksum of every answer when it knows the salt', async () => {
    const salted = await startGateway(database, { PASSPORT_SALT: 'made-up-salt' })
    const at = { baseUrl: salted.url, salt: 'made-up-salt' }
    const outcomes = [
      await clientOf(gateway.web, at).call('web.passport.getLikeBrand', { uid }),
      await refusal(clientOf(gateway.web, at).call('web.passport.sendcode', { mobile: '' })),
      await refusal(clientOf(gateway.web, { ...at, salt: 'x' }).call('web.passport.getLikeBrand', { uid })),
      await refusal(clientOf(gateway.web, { salt: 'x' }).call('web.passport.getLikeBrand', { uid })),
    ]
    await salted.close()
    expect(
      outcomes.map((outcome) => (outcome instanceof PassportError ? outcome.message : outcome)),
    ).to.deep.equal([
      { uid, brand: '' },
      '手机号码错误',
      'the checksum of the answer is wrong',
      'the answer has no checksum',
    ])
  })
})
