import { expect } from 'chai'
import type { HttpAnswer } from '../../fetch-answer.js'
import { startGateway, type TestGateway } from '../../harness.js'
import { onEachDatabase } from '../../servers/databases.js'

const logout = '/front/account/login/logout'

onEachDatabase('calls from pages of other origins', (database) => {
  const start = (env: Record<string, string>) => startGateway(database, env)
  const page = 'https://shop.example.com'
  const cors = ({ headers }: HttpAnswer) => [
    headers.get('access-control-allow-origin'),
    headers.get('access-control-allow-credentials'),
    headers.get('access-control-expose-headers'),
    headers.get('vary'),
  ]
  const allowed = (origin: string) => [origin, 'true', 'Authorization', 'Origin']
  const none = [null, null, null, null]
  const from = (gateway: TestGateway, origin: string, path = logout) =>
    gateway.request(path, { headers: { Origin: origin } })

  it('are allowed for configured origins, with credentials, in both envelopes and for errors', async () => {
    const gateway = await start({ CORS_ORIGINS: `${page},http://localhost:3000` })
    for (const path of [logout, '/gateway', '/front/no/such']) {
      expect(cors(await from(gateway, page, path)), path).to.deep.equal(allowed(page))
      for (const other of ['https://evil.example.com', `${page}.evil.com`, `${page}:8443`, 'null'])
        expect(cors(await from(gateway, other, path)), other).to.deep.equal(none)
    }
    expect(cors(await gateway.request(logout))).to.deep.equal(none)
    await gateway.close()
  })

  it('are allowed for any origin in development, and for none elsewhere, unless configured', async () => {
    const development = await start({ NODE_ENV: 'development' })
    expect(cors(await from(development, 'http://localhost:3000'))).to.deep.equal(
      allowed('http://localhost:3000'),
    )
    await development.close()
    const elsewhere = await start({})
    expect(cors(await from(elsewhere, 'http://localhost:3000'))).to.deep.equal(none)
    await elsewhere.close()
  })

  it('are allowed for app shells, whose origins are of no site', async () => {
    const gateway = await start({ CORS_ORIGINS: `null,file://,capacitor://localhost,Ionic://App,${page}` })
    for (const shell of ['null', 'file://', 'capacitor://localhost', 'ionic://app'])
      expect(cors(await from(gateway, shell)), shell).to.deep.equal(allowed(shell))
    for (const other of ['capacitor://elsewhere', 'app://localhost', 'ionic://app.evil'])
      expect(cors(await from(gateway, other)), other).to.deep.equal(none)
    await gateway.close()
  })

  it('are asked for beforehand by a browser, whose answer it keeps for an hour', async () => {
    const gateway = await start({ CORS_ORIGINS: page })
    const ask = (origin: string, path = logout) =>
      gateway.request(path, {
        method: 'OPTIONS',
        headers: {
          Origin: origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'authorization,x-own',
        },
      })
    for (const path of [logout, '/gateway']) {
      const answer = await ask(page, path)
      expect([answer.status, answer.text, ...cors(answer)]).to.deep.equal([204, '', ...allowed(page)])
      expect(answer.headers.get('access-control-max-age')).to.equal('3600')
      expect(answer.headers.get('access-control-allow-methods')).to.equal('GET, POST')
      expect(answer.headers.get('access-control-allow-headers')).to.equal('authorization,x-own')
    }
    const refused = await ask('https://evil.example.com')
    expect([refused.status, ...cors(refused)]).to.deep.equal([204, ...none])
    expect(refused.headers.get('access-control-max-age')).to.equal(null)
    await gateway.close()
  })
})
