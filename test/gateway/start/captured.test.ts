import { expect } from 'chai'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { insertUser } from '../../../db/users.js'
import { signLegacy } from '../../../gateway/wire/signature.js'
import { fetchAnswer } from '../../fetch-answer.js'
import { indexPath, signedQuery, textMessage } from '../../methods/front/account/wechat/official-messages.js'
import {
  connectBeside,
  type GatewayProcess,
  startGatewayProcess,
} from '../../servers/processes/gateway-process.js'
import { aliyunSettings } from '../../servers/sms/aliyun.js'
import { tencentSettings } from '../../servers/sms/tencent.js'
import { wechatSettings } from '../../servers/wechat/accounts.js'
import { prepared, useFolder } from '../../suite.js'

const names = ['webhook', 'aliyun', 'tencent', 'smtp', 'wechat', 'events', 'traces'] as const
type Name = (typeof names)[number]

/** Stands for all that a server may reach: each takes connections, counts them and ends them. */
async function startListeners() {
  const counts = Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>
  const sockets = new Set<Socket>()
  const servers = await Promise.all(
    names.map(async (name) => {
      const server = createServer((socket) => {
        counts[name]++
        sockets.add(socket)
        socket.on('error', () => {}).end()
      })
      await once(server.listen(0, '127.0.0.1'), 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  return {
    counts,
    urlOf: (name: Name) => `${name === 'smtp' ? 'smtp' : 'http'}://127.0.0.1:${ports[names.indexOf(name)]}`,
    forget: () => names.forEach((name) => (counts[name] = 0)),
    close() {
      for (const server of servers) server.close()
      for (const socket of sockets) socket.destroy()
      return Promise.resolve()
    },
  }
}

const token = 'token-of-the-outbox-of-the-tests'

describe('All that a server may reach outside', function () {
  this.timeout(60_000)
  const folder = useFolder('captured')
  const outside = prepared(before, startListeners, (listeners) => listeners.close())
  const app = { name: 'web', secret: '' }

  const vendors = () => ({
    ...aliyunSettings({ url: outside.urlOf('aliyun') }),
    ...tencentSettings({ url: outside.urlOf('tencent') }),
    ...wechatSettings(outside.urlOf('wechat'), ['official', 'mini', 'web']),
    SMS_PROVIDER: 'webhook,aliyun,tencent',
    SMS_WEBHOOK_URL: `${outside.urlOf('webhook')}/sms`,
    SMTP_URL: outside.urlOf('smtp'),
    WECHAT_EVENT_URL: `${outside.urlOf('events')}/events`,
    WECHAT_EVENT_SECRET: 'secret-of-the-events-of-the-tests',
    // Messages in plain, as they are easier to write.
    WECHAT_MP_AES_KEY: '',
    OTEL_EXPORTER_OTLP_ENDPOINT: outside.urlOf('traces'),
  })
  const start = async (env: Record<string, string>): Promise<GatewayProcess> => {
    const database = { url: `sqlite:${join(folder.path, `${Object.values(env).join('-')}.db`)}` }
    const beside = await connectBeside(database)
    app.secret = (await beside.addApp()).secret
    await insertUser(beside.db, { userId: 7001, account: 'somebody', passwordHash: '', createdAt: 0 })
    await beside.close()
    outside.forget()
    return startGatewayProcess(database, { ...vendors(), ...env })
  }
  const call = async ({ url }: GatewayProcess, method: string, params: Record<string, string>) => {
    const all = { method, client_type: app.name, ...params }
    const signed = { ...all, client_secret: signLegacy(all, app.secret) }
    return (await fetchAnswer(`${url}/gateway?${new URLSearchParams(signed).toString()}`)).json
  }
  const get = (gateway: GatewayProcess, path: string, headers = {}) =>
    fetchAnswer(`${gateway.url}${path}`, { headers })

  /** Does what makes a server text, mail, ask WeChat in each of its ways, post and trace. */
  async function useEverything(gateway: GatewayProcess) {
    const texted = await call(gateway, 'web.passport.sendcode', { mobile: '13912345678', area: '86' })
    const mailed = await call(gateway, 'web.passport.verifyEmail', { uid: '7001', email: 'a@example.com' })
    const wechat = '/front/account/wechat'
    const mini = await get(gateway, `${wechat}/jsCode2Session?code=code-of-a-mini-program`)
    await get(gateway, `${wechat}/callbackMp?code=code-of-the-account`)
    await get(gateway, `${wechat}/wxConfig?href=https://shop.example.com/`)
    await get(gateway, `${wechat}/getXcxAccessToken`)
    const query = new URLSearchParams(signedQuery({ clock: { now: Date.now } })).toString()
    const posted = await fetchAnswer(`${gateway.url}${indexPath}?${query}`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/xml' },
      body: textMessage(),
    })
    return { texted, mailed, mini: mini.json, posted: posted.text }
  }

  it('is reached by a server that is open', async () => {
    const gateway = await start({ OUTSIDE: 'open' })
    await useEverything(gateway)
    await waitUntil(() => names.every((name) => name === 'traces' || outside.counts[name] > 0))
    await gateway.stop()
    expect(names.filter((name) => outside.counts[name] === 0)).to.deep.equal([])
  })

  it('gets not one connection of a server that is captured, and the callers are answered as ever', async () => {
    const gateway = await start({ OUTSIDE: 'captured', OUTSIDE_TOKEN: token })
    const { texted, mailed, mini, posted } = await useEverything(gateway)
    expect([texted?.code, mailed?.code, posted]).to.deep.equal([200, 200, 'success'])
    // Nobody can say who came by WeChat.
    expect(mini).to.include({ error: 'WECHAT_FAILED' })
    const outbox = async () =>
      JSON.parse(
        (await get(gateway, '/outbox', { accept: 'application/json', authorization: `Bearer ${token}` }))
          .text,
      ) as { channel: string; address: string; text: string }[]
    await waitUntil(async () => (await outbox()).some(({ channel }) => channel === 'webhook'))
    const captured = await outbox()
    expect(captured.map(({ channel }) => channel)).to.include.members(['sms', 'mail', 'wechat', 'webhook'])
    expect(captured.find(({ channel }) => channel === 'sms')?.address).to.equal('+8613912345678')
    expect(JSON.stringify(captured.filter(({ channel }) => channel === 'wechat'))).to.not.contain('code-of-a')
    expect((await get(gateway, '/outbox')).status).to.equal(403)
    expect((await get(gateway, '/readyz')).text).to.contain('"outside":"captured"')
    expect(gateway.output()).to.contain('CAPTURED')
    const [, code = 'none'] =
      /(\d{4})/.exec(captured.find(({ channel }) => channel === 'sms')?.text ?? '') ?? []
    expect(gateway.output()).to.not.contain(code)
    await gateway.stop()
    expect(outside.counts).to.deep.equal(Object.fromEntries(names.map((name) => [name, 0])))
  })
})

async function waitUntil(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100 && !(await isSo()); tries++)
    await new Promise((resolve) => setTimeout(resolve, 100))
}
