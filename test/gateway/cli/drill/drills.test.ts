import { expect } from 'chai'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { drills } from '../../../../gateway/cli/drill/drills.js'
import { changeApp } from '../../../../gateway/services/apps/registry.js'
import { startGateway } from '../../../harness.js'
import { withGateway } from '../../../suite.js'
import { runCli } from '../command-line.js'

const secret = '0123456789abcdef'

interface Line {
  readonly drill: string
  readonly outcome: string
  readonly promise: string
  readonly detail?: string
}

/** Runs a drill that may do everything. */
async function drill(
  name: string,
  options: Readonly<Record<string, string>>,
): Promise<{ code: number | null; lines: Line[] }> {
  const given = Object.entries(options).flatMap(([option, value]) => [`--${option}`, value])
  const { code, stdout, stderr } = await runCli(['drill', name, '--json', '--texts', '--as-proxy', ...given])
  expect(stderr).to.equal('')
  return { code, lines: JSON.parse(stdout) }
}

// One caller's limits, as drills come from one address; what they ask for is what they leave for others.
withGateway('drills', { LIMIT_IP_SCALE: '1', TRUST_PROXY: '127.0.0.1' }, (gateway, database) => {
  const prepare = async () => {
    const mobile = `1391234${String(1000 + Math.floor(Math.random() * 9000))}`
    const user = await gateway.addUser({ mobile })
    const victim = await gateway.addUser({
      mobile: `1371234${String(1000 + Math.floor(Math.random() * 9000))}`,
    })
    const base = await gateway.services.db('account_user_base').where({ user_id: user.uid }).first()
    const app = await gateway.addApp()
    await changeApp(gateway.services.db, app.name, { queryCredentials: 'refuse' })
    const page = await gateway.addApp({ trust: 'public' })
    await gateway.services.apps.refresh()
    return {
      url: gateway.url,
      app: app.name,
      secret: app.secret,
      'public-app': page.name,
      'public-secret': page.secret,
      user: String(user.uid),
      victim: String(victim.uid),
      token: await user.startSession(),
      account: base?.user_account ?? '',
      password: user.password,
      number: mobile,
    }
  }

  it('find that every promise is kept, and skip none that can be tried', async () => {
    const { code, lines } = await drill('all', await prepare())
    expect(lines.filter(({ outcome }) => outcome !== 'held')).to.deep.equal([])
    expect(new Set(lines.map(({ drill }) => drill))).to.deep.equal(new Set(drills.map(({ name }) => name)))
    expect(code).to.equal(0)
  })

  it('find a server whose limits are too wide', async () => {
    const args = await prepare()
    const wide = await startGateway(database, { LIMIT_IP_SCALE: '1000' })
    try {
      const { code, lines } = await drill('spray', { ...args, url: wide.url })
      expect({ code, lines: lines.map(({ outcome, detail }) => `${outcome} ${detail}`) }).to.deep.equal({
        code: 1,
        lines: ['broken 48 of 48 compared'],
      })
    } finally {
      await wide.close()
    }
  })

  it('count nothing as held that a wrong key kept them from trying', async () => {
    const { token, ...args } = await prepare()
    const outcomes = async (name: string, options: Readonly<Record<string, string>>) =>
      (await drill(name, { ...args, ...options })).lines.map(({ outcome, detail }) => [outcome, detail])
    expect(await outcomes('public-trust', { 'public-secret': secret })).to.deep.equal([
      [
        'skipped',
        `the key of ${args['public-app']} is refused: its --public-secret, or it may not call web.passport.getUserVerifyInfo`,
      ],
    ])
    expect(await outcomes('links', { token: `${token}x` })).to.deep.equal([
      ['skipped', '--token: it is not live'],
    ])
    const { name, secret: hmac } = await gateway.addApp({ trust: 'public', scheme: 'hmac-sha256' })
    await gateway.services.apps.refresh()
    const signed = await outcomes('public-trust', { 'public-app': name, 'public-secret': hmac })
    expect(signed).to.include.deep.members([['held', 'answered 10014']])
    const refused = await runCli(
      ['drill', 'doors', '--url', args.url, '--app', args.app].concat(['--secret', secret]),
    )
    expect({ code: refused.code, stdout: refused.stdout, stderr: refused.stderr }).to.deep.equal({
      code: 1,
      stdout: '',
      stderr: `error: the server refuses the key of ${args.app}: look at --secret and --scheme, and whether it may call web.passport.getUserVerifyInfo\n`,
    })
  })

  it('find an application that is trusted as a back end, though its key is in every page', async () => {
    const { name, secret } = await gateway.addApp()
    const options = { ...(await prepare()), 'public-app': name, 'public-secret': secret }
    const { code, lines } = await drill('public-trust', options)
    expect(code).to.equal(1)
    expect(lines.map(({ outcome }) => outcome)).to.include('broken')
  })
})

describe('drills against a server that does all it is asked', () => {
  let server: Server
  let url: string
  before(async () => {
    let sent = 0
    server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        const query = new URL(request.url ?? '/', 'http://localhost').search
        const data = Object.fromEntries([...new URLSearchParams(query), ...new URLSearchParams(body)])
        if (request.url?.startsWith('/metrics')) {
          response.end(`gateway_sends_total{channel="sms",provider="outbox",outcome="sent"} ${sent}\n`)
          return
        }
        if (data['method'] === 'web.passport.changePwd') sent += 1
        // As the server does with a password in the query of a GET alone.
        const isRefused = request.method === 'GET' && 'password' in data
        response.end(JSON.stringify({ code: isRefused ? 413 : 200, status: 200, data }))
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => server.close())

  for (const { name } of drills)
    it(`are broken: ${name}`, async () => {
      const page = { 'public-app': 'page', 'public-secret': secret }
      const login = { account: 'a', password: 'b', number: '13900000000' }
      const { code, lines } = await drill(name, { url, app: 'web', secret, token: 'x', ...page, ...login })
      expect(lines.map(({ outcome }) => outcome)).to.include('broken')
      expect(code).to.equal(1)
    })
})
