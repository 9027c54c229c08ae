import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import { startGateway, type TestGateway } from '../../harness.js'
import { onEachDatabase } from '../../servers/databases.js'
import { withGateway } from '../../suite.js'

const forbidden = 'the outbox is for the development machine itself\n'

/** Asks as a client does that sets any header, Host too. */
async function ask(gateway: TestGateway, headers: Record<string, string> = {}) {
  const request = get(`${gateway.url}/outbox`, { headers, agent: false })
  const [response]: IncomingMessage[] = await once(request, 'response')
  if (!response) throw new Error('no response')
  return { status: response.statusCode, headers: response.headers, text: await text(response) }
}

// The names are listed, or the server would refuse every call to them.
const development = {
  NODE_ENV: 'development',
  DEVELOPMENT_HOSTS: 'rebound.example,localhost.rebound.example',
}

withGateway('the outbox page in development', development, (gateway) => {
  beforeEach(() => gateway.db('outbox_message').delete())

  it('says that nothing was sent', async () => {
    const { status, text } = await ask(gateway)
    expect(status).to.equal(200)
    expect(text).to.contain('Nothing was sent yet.')
  })

  it('shows what was sent, the newest first, with links that can be followed', async () => {
    gateway.clock.freeze(1458378392_046)
    await gateway.call('web.passport.sendcode', { mobile: '13912345678' })
    const uid = String((await gateway.addUser()).uid)
    await gateway.call('web.passport.verifyEmail', { uid, email: 'a@example.com' })
    const code = await gateway.lastMailToken('a@example.com')
    const { headers, text } = await ask(gateway)
    expect(headers['content-type']).to.equal('text/html; charset=utf-8')
    expect(headers['cache-control']).to.equal('no-store')
    expect(headers['content-security-policy']).to.contain("default-src 'none'")
    const link = `http://passport.test/verify-email?code=${code}`
    expect(text).to.contain(`<a href="${link}">${link}</a>`)
    expect(text).to.contain('<td>2016-03-19 17:06:32</td><td>mail</td><td>a@example.com</td>')
    expect(text).to.contain('<td>2016-03-19 17:06:32</td><td>sms</td><td>+8613912345678</td>')
    expect(text).to.contain(await gateway.lastCode('13912345678'))
    expect(text.indexOf('a@example.com')).to.be.lessThan(text.indexOf('+8613912345678'))
  })

  it('shows the same as JSON to who asks for it', async () => {
    await gateway.services.mailer.send({ to: 'a@example.com', subject: 's', text: 't', html: '<p>t</p>' })
    const { headers, text } = await ask(gateway, { Accept: 'application/json' })
    expect(headers['content-type']).to.match(/^application\/json/)
    expect(headers['cache-control']).to.equal('no-store')
    const messages: Record<string, unknown>[] = JSON.parse(text)
    expect(messages).to.have.length(1)
    expect(messages[0]).to.include({ channel: 'mail', address: 'a@example.com', subject: 's', text: 't' })
  })

  it('shows the newest fifty', async () => {
    for (let at = 0; at < 51; at++)
      await gateway.services.mailer.send({ to: `${at}@example.com`, subject: '', text: '', html: '' })
    const { text } = await ask(gateway, { Accept: 'application/json' })
    const messages: { address: string }[] = JSON.parse(text)
    expect(messages.map(({ address }) => address)).to.deep.equal(
      Array.from({ length: 50 }, (_, at) => `${50 - at}@example.com`),
    )
  })

  it('writes no markup that stands in a message', async () => {
    const attack = '<script>alert(1)</script> http://x.example/"onclick="alert(2) \'&<img src=x>'
    await gateway.services.mailer.send({ to: attack, subject: attack, text: attack, html: attack })
    const { text } = await ask(gateway)
    expect(text).to.not.match(/<script|<img|"onclick/)
    expect(text).to.contain('&lt;script&gt;alert(1)&lt;/script&gt;')
  })

  it('is closed to callers behind a proxy, to foreign names of this machine, and to other sites', async () => {
    await gateway.call('web.passport.sendcode', { mobile: '13912345679' })
    const { port } = new URL(gateway.url)
    const strangers = [
      { 'X-Forwarded-For': '127.0.0.1' },
      { 'X-Real-IP': '127.0.0.1' },
      { Forwarded: 'for=127.0.0.1' },
      { 'X-Forwarded-Host': 'localhost' },
      { Via: '1.1 proxy' },
      { Host: 'rebound.example' },
      { Host: `rebound.example:${port}` },
      { Host: 'localhost.rebound.example' },
      { Origin: 'http://evil.example' },
      { Origin: 'null' },
      { Origin: 'http://127.0.0.1:1' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ]
    for (const headers of strangers) {
      const answer = await ask(gateway, headers)
      expect(answer.status, JSON.stringify(headers)).to.equal(403)
      expect(answer.text).to.equal(forbidden)
    }
  })

  it('is open to the machine itself under each of its names', async () => {
    const { host, port } = new URL(gateway.url)
    for (const headers of [
      { Host: `localhost:${port}` },
      { Host: `LOCALHOST:${port}` },
      { Host: 'localhost' },
      { Host: `[::1]:${port}` },
      { Origin: `http://${host}` },
      { 'Sec-Fetch-Site': 'none' },
      { 'Sec-Fetch-Site': 'same-origin' },
    ])
      expect((await ask(gateway, headers)).status).to.equal(200)
  })
})

onEachDatabase('the outbox page elsewhere', (database) => {
  const statusWith = async (env: Record<string, string>) => {
    const gateway = await startGateway(database, env)
    try {
      const { status, text } = await ask(gateway)
      return `${status} ${text}`
    } finally {
      await gateway.close()
    }
  }

  it('is closed where unsigned calls are not allowed', async () => {
    expect(await statusWith({ NODE_ENV: 'development', PASSPORT_UNSIGNED: 'deny' })).to.equal(
      `403 ${forbidden}`,
    )
    expect(await statusWith({ NODE_ENV: 'test' })).to.equal(`403 ${forbidden}`)
  })

  it('is not there in production', async () => {
    const sms = { SMS_PROVIDER: 'webhook', SMS_WEBHOOK_URL: 'http://127.0.0.1:9/sms' }
    expect(await statusWith({ NODE_ENV: 'production', ...sms })).to.equal(
      '404 {"code":1000,"message":"接口不存在"}',
    )
  })
})
