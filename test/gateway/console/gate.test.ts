import { get, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import { duringGateway, type TestGateway } from '../../harness.js'
import { provideSqlite } from '../../servers/databases.js'
import { prepared } from '../../suite.js'

const pages = ['/', '/console', '/console/main.js', '/console/applications.json', '/openapi.json']
const env = {
  NODE_ENV: 'production',
  CONSOLE: 'on',
  SMS_PROVIDER: 'webhook',
  SMS_WEBHOOK_URL: 'http://127.0.0.1:9/sms',
}
const absent = { status: 404, body: '{"code":1000,"message":"接口不存在"}' }

/** What a browser is answered, which may name another host than the address it asks. */
async function ask(gateway: TestGateway, path: string, headers: Record<string, string> = {}) {
  const request = get(`${gateway.url}${path}`, { headers: { Accept: 'text/html', ...headers }, agent: false })
  const [response]: IncomingMessage[] = await once(request, 'response')
  if (!response) throw new Error('no response')
  return { status: response.statusCode, body: await text(response), location: response.headers.location }
}

describe('the pages of the console', function () {
  this.timeout(60_000)
  const database = prepared(
    before,
    () => provideSqlite('migrated'),
    (provided) => provided.remove(),
  )
  const statuses = async (gateway: TestGateway, prefix = '', headers: Record<string, string> = {}) => {
    const answers = await Promise.all(pages.map((page) => ask(gateway, `${prefix}${page}`, headers)))
    return [...new Set(answers.map(({ status }) => status))]
  }

  it('are below CONSOLE_PATH and nowhere else, and their calls are answered there', async () => {
    await duringGateway(database, { ...env, CONSOLE_PATH: '/ops/inner' }, async (gateway) => {
      expect(await statuses(gateway)).to.deep.equal([404])
      expect(await statuses(gateway, '/ops/inner')).to.deep.equal([200])
      expect(await ask(gateway, '/ops/inner')).to.include({ status: 308, location: '/ops/inner/' })
      const page = await ask(gateway, '/ops/inner/console')
      expect(page.body).to.contain('"console/main.js"')
      const call = await ask(gateway, '/ops/inner/gateway?method=nothing')
      expect(JSON.parse(call.body)).to.include({ code: 1000 })
      expect(await ask(gateway, '/console')).to.include(absent)
    })
  })

  it('are there for a host of CONSOLE_HOST only', async () => {
    await duringGateway(database, { ...env, CONSOLE_HOST: 'Admin.example.com,::1' }, async (gateway) => {
      expect(await statuses(gateway)).to.deep.equal([404])
      for (const Host of ['admin.example.com', 'ADMIN.example.com:8443', '[::1]:8080'])
        expect(await statuses(gateway, '', { Host }), Host).to.deep.equal([200])
      for (const Host of ['admin.example.com.evil.example', 'example.com', ':'])
        expect(await statuses(gateway, '', { Host }), Host).to.deep.equal([404])
    })
  })

  it('are there for addresses of CONSOLE_ADDRESSES only, those that a trusted proxy names', async () => {
    const CONSOLE_ADDRESSES = '203.0.113.0/24,2001:db8::/32'
    await duringGateway(database, { ...env, CONSOLE_ADDRESSES }, async (gateway) => {
      expect(await statuses(gateway)).to.deep.equal([404])
      expect(await statuses(gateway, '', { 'X-Forwarded-For': '203.0.113.7' })).to.deep.equal([404])
    })
    const behind = { ...env, CONSOLE_ADDRESSES, TRUST_PROXY: '127.0.0.1' }
    await duringGateway(database, behind, async (gateway) => {
      for (const address of ['203.0.113.7', '2001:db8::7'])
        expect(await statuses(gateway, '', { 'X-Forwarded-For': address }), address).to.deep.equal([200])
      expect(await statuses(gateway, '', { 'X-Forwarded-For': '198.51.100.7' })).to.deep.equal([404])
    })
  })

  it('are not where the gateway itself answers', async () => {
    for (const path of ['/gateway', '/front/x', '/console', '/metrics', 'ops', '/ops/', '/o//p', '/../x']) {
      const start = duringGateway(database, { ...env, CONSOLE_PATH: path }, async () => undefined)
      const refusal = await start.catch((error: unknown) => error)
      expect(String(refusal), path).to.contain('CONSOLE_PATH')
    }
  })
})
