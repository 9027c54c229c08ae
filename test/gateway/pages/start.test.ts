import { expect } from 'chai'
import express from 'express'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { mountGateway } from '../../../gateway/mount.js'
import { fetchAnswer, type HttpAnswer } from '../../fetch-answer.js'
import { duringGateway, type TestGateway } from '../../harness.js'
import { provideSqlite } from '../../servers/databases.js'
import { prepared } from '../../suite.js'
import { type DemoServer, startDemoServer } from '../openapi/demo-server.js'

const browser = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'Accept-Language': 'zh-CN,zh;q=0.9' }
const english = { ...browser, 'Accept-Language': 'en-GB,en;q=0.9' }
const production = {
  NODE_ENV: 'production',
  SMS_PROVIDER: 'webhook',
  SMS_WEBHOOK_URL: 'http://127.0.0.1:9/sms',
}
const noMethod = '404 {"code":1000,"message":"接口不存在"}'
const outline = ({ status, text }: HttpAnswer) => `${status} ${text}`
const open = (gateway: TestGateway, headers: Record<string, string> = browser, path = '/') =>
  gateway.request(path, { headers })

/** The addresses that a page leads to, below the page's own. */
function linksOf(text: string): string[] {
  return [...text.matchAll(/href="\.\/([^"]*)"/g)].map(([, path = '']) => `/${path.replaceAll('&amp;', '&')}`)
}

describe('the start page of a new development server', function () {
  this.timeout(60_000)
  const server = prepared<DemoServer>(before, startDemoServer, (running) => running.close())

  it('is in the language that the browser asks for', async () => {
    const { gateway } = server
    const chinese = await open(gateway)
    expect(chinese.text).to.contain('<html lang="zh">').and.to.contain('第一次调用')
    expect((await open(gateway, english)).text)
      .to.contain('<html lang="en">')
      .and.to.contain('First call')
  })

  it('runs no script and loads nothing', async () => {
    const { headers, text } = await open(server.gateway)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).to.contain("default-src 'none'").and.to.not.contain('unsafe-inline')
    expect(text).to.not.match(/<script|<img|<link|style="|src=/)
    expect(headers.get('cache-control')).to.equal('no-store')
  })

  it('leads only to what answers, a first call among it', async () => {
    const { gateway } = server
    const links = linksOf((await open(gateway)).text)
    expect(links).to.include.members([
      '/console',
      '/outbox',
      '/openapi.json',
      '/healthz',
      '/readyz',
      '/metrics',
    ])
    const answers: string[] = []
    for (const link of links) {
      const answer = await open(gateway, browser, link)
      expect(answer.status, link).to.equal(200)
      if (link.startsWith('/gateway')) answers.push(answer.text.slice(0, 11))
    }
    expect(answers).to.deep.equal(['{"code":200', '{"code":200', '{"code":200'])
  })

  it('names the demo users and applications that are there, and no secret', async () => {
    const { gateway, app } = server
    const { text } = await open(gateway)
    for (const shown of ['demo12345', '6030455', '5357305', '1234567', '<td>internal</td>', '<td>web</td>'])
      expect(text).to.contain(shown)
    expect(text).to.not.contain(app.secret)
  })

  it('says how to sign where an unsigned call would be refused', async () => {
    const { text } = await open(server.gateway, { ...browser, 'X-Forwarded-For': '203.0.113.9' })
    expect(text).to.contain('sign make').and.to.not.contain('href="./gateway')
  })

  it('leaves / to calls: what names a method, is a POST or comes from no browser', async () => {
    const { gateway } = server
    const called = await open(gateway, browser, '/?method=open.passport.get&uid=5357305')
    expect(called.json).to.include({ code: 200 })
    const others = [
      await open(gateway, browser, '/?method=no.such'),
      await open(gateway, browser, '/?%6dethod=no.such'),
      await open(gateway, { Accept: '*/*' }),
      await open(gateway, {}),
      await gateway.request('/', { method: 'POST', headers: browser }),
      await open(gateway, browser, '/gateway'),
    ]
    for (const answer of others) expect(outline(answer)).to.equal(noMethod)
  })
})

describe('the start page elsewhere', function () {
  this.timeout(60_000)
  const database = prepared(
    before,
    () => provideSqlite('migrated'),
    (provided) => provided.remove(),
  )

  it('is not there in production, and with the console on names nothing of a development server', async () => {
    await duringGateway(database, production, async (gateway) => {
      expect(outline(await open(gateway))).to.equal(noMethod)
    })
    await duringGateway(database, { ...production, CONSOLE: 'on' }, async (gateway) => {
      const { status, text } = await open(gateway, english)
      expect(status).to.equal(200)
      expect(linksOf(text)).to.deep.equal(['/console', '/openapi.json', '/healthz', '/readyz'])
      expect(text).to.not.match(/demo|1234567|outbox|development/i)
    })
  })

  it('names no user that is not there, and how to add an application', async () => {
    await duringGateway(database, { NODE_ENV: 'development' }, async (gateway) => {
      await gateway.db('client_app').delete()
      await gateway.services.apps.refresh()
      const { text } = await open(gateway)
      expect(text).to.contain('app add web').and.to.not.contain('demo12345')
    })
  })

  it('is below the path of an application that mounts the gateway, and never at its root', async () => {
    await duringGateway(database, { NODE_ENV: 'development', LOG_LEVEL: 'silent' }, async (own) => {
      const mounted = await mountGateway(own.services.config)
      const app = express()
      app.use('/passport', mounted.router)
      app.use(mounted.router)
      app.get('/', (_, response) => void response.send('the front page of the application'))
      const server = app.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const texts = await Promise.all(
        ['/passport/', '/', '/passport/openapi.json', '/openapi.json'].map(async (path) => {
          const { status, text } = await fetchAnswer(`${url}${path}`, { headers: browser })
          return `${status} ${text}`
        }),
      )
      server.closeAllConnections()
      server.close()
      await mounted.close()
      expect(texts[0]).to.contain('第一次调用')
      expect(texts[1]).to.equal('200 the front page of the application')
      expect(texts[2]).to.match(/^200 \{"openapi"/)
      expect(texts[3]).to.match(/^404 /)
    })
  })
})
