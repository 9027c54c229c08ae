import { expect } from 'chai'
import { request as send } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { isLocalCall } from '../../../gateway/http/local-call.js'
import { signatureInvalid } from '../../answers.js'
import { startGateway } from '../../harness.js'
import { withGateway } from '../../suite.js'

const isLocal = (headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
  isLocalCall({ socket: { remoteAddress }, headers } as unknown as IncomingMessage)

describe('a call from this very machine', () => {
  it('comes over loopback, to a loopback name', () => {
    const hosts = ['localhost', 'LocalHost:8080', '127.0.0.1:8080', '127.1.2.3', '[::1]:8080', '[::1]', '']
    for (const host of hosts) expect(isLocal({ host }), host).to.equal(true)
    expect(isLocal({})).to.equal(true)
    expect(isLocal({ host: 'localhost' }, '::1')).to.equal(true)
    expect(isLocal({ host: 'localhost' }, '::ffff:127.0.0.1')).to.equal(true)
  })

  it('does not come from another address, whatever name it calls', () => {
    for (const address of ['192.168.0.2', '10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1', ''])
      expect(isLocal({ host: 'localhost' }, address), address).to.equal(false)
  })

  it("does not call another name, which an attacker's DNS may have pointed here", () => {
    for (const host of [
      'passport.example.com',
      'localhost.example.com',
      '127.0.0.1.example.com',
      '128.0.0.1:80',
    ])
      expect(isLocal({ host }), host).to.equal(false)
  })

  it('did not come through a proxy', () => {
    for (const header of [
      'forwarded',
      'via',
      'x-forwarded-for',
      'x-forwarded-host',
      'x-forwarded-proto',
      'x-real-ip',
    ])
      expect(isLocal({ host: 'localhost', [header]: '' }), header).to.equal(false)
  })

  it('was not made by a page of another site', () => {
    const host = 'localhost:8080'
    expect(isLocal({ host, origin: 'http://localhost:8080' })).to.equal(true)
    for (const origin of [
      'http://evil.example.com',
      'http://localhost:3000',
      'https://localhost:8080',
      'null',
      '',
    ])
      expect(isLocal({ host, origin }), origin).to.equal(false)
  })

  it('was not sent by a browser for a page of another site that tells no origin', () => {
    const host = 'localhost:8080'
    for (const site of ['same-origin', 'none'])
      expect(isLocal({ host, 'sec-fetch-site': site })).to.equal(true)
    for (const site of ['cross-site', 'same-site', ''])
      expect(isLocal({ host, 'sec-fetch-site': site }), site).to.equal(false)
  })
})

// The name is listed, or the server would refuse every call to it.
const development = { NODE_ENV: 'development', DEVELOPMENT_HOSTS: 'passport.example.com' }

withGateway('an unsigned call in development', development, (gateway, database) => {
  const passed = 10010
  const missing = 500
  /** Unlike fetch, this sends any header. */
  const codeFor = (headers: Record<string, string>, target = gateway) =>
    new Promise<unknown>((resolve, reject) => {
      const path = '/gateway?method=web.passport.getUserHabits&uid=987654321'
      const request = send(`${target.url}${path}`, { headers }, (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('end', () => resolve(JSON.parse(text).code))
      })
      request.on('error', reject).end()
    })

  it('counts as one of the application web', async () => {
    expect(await codeFor({})).to.equal(passed)
    expect(gateway.logLines.join('')).to.include('"app":"web"')
  })

  it('is refused when it comes through a proxy, to another name or from another site', async () => {
    expect(await codeFor({ 'X-Forwarded-For': '127.0.0.1' })).to.equal(missing)
    expect(await codeFor({ Host: 'passport.example.com' })).to.equal(missing)
    expect(await codeFor({ Origin: 'http://evil.example.com' })).to.equal(missing)
    expect(await codeFor({ 'Sec-Fetch-Site': 'cross-site' })).to.equal(missing)
  })

  it('is held to the grants of the application web', async () => {
    const grants = JSON.stringify(['open.*'])
    await gateway.db('client_app').where({ name: 'web' }).update({ grants })
    await gateway.services.apps.refresh()
    expect(await codeFor({})).to.equal(500)
    await gateway.db('client_app').where({ name: 'web' }).update({ grants: '["*"]' })
    await gateway.services.apps.refresh()
  })

  it('has its signature checked when it carries one', async () => {
    const wrong = await gateway.request('/gateway?method=web.passport.getUserHabits&uid=1&client_secret=x')
    expect(wrong.text).to.equal(signatureInvalid)
    expect((await gateway.call('web.passport.getUserHabits', { uid: '987654321' })).json?.code).to.equal(
      passed,
    )
  })

  it('is refused where PASSPORT_UNSIGNED says so, and outside development', async () => {
    for (const env of [{ NODE_ENV: 'development', PASSPORT_UNSIGNED: 'deny' }, { NODE_ENV: 'test' }]) {
      const strict = await startGateway(database, env)
      expect(await codeFor({}, strict)).to.equal(missing)
      await strict.close()
    }
  })
})
