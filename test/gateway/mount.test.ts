import { expect } from 'chai'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Express, type RequestHandler } from 'express'
import { loadConfig, type MountedGateway, mountGateway } from '../../gateway/mount.js'
import { fetchAnswer, type HttpAnswer } from '../fetch-answer.js'
import { signParameters, startGateway, type TestGateway } from '../harness.js'
import { onEachDatabase } from '../servers/databases.js'
import { freePort } from '../servers/processes/process.js'

type Query = Record<string, string>
type Call = readonly [path: string, init?: RequestInit]

const form = (params: Query) => new URLSearchParams(params).toString()
const post = (type: string, body: string): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': type },
  body,
})
const urlencoded = 'application/x-www-form-urlencoded'
const json = 'application/json'

/** What somebody's application may have put in front. */
const parsers: Readonly<Record<string, readonly RequestHandler[]>> = {
  'no parser before it': [],
  'express.json() and express.urlencoded() before it': [
    express.json(),
    express.urlencoded({ extended: false }),
  ],
  'an extended form parser before it': [express.urlencoded({ extended: true }), express.json()],
  'a middleware before it that gives every request a body': [
    (request, _, next) => {
      request.body ??= {}
      next()
    },
  ],
}

/** What decides whether a client sees a difference. */
function comparable({ status, text, headers }: HttpAnswer): unknown {
  const names = ['content-type', 'content-length', 'cache-control', 'x-content-type-options', 'allow']
  return { status, text, headers: names.map((name) => headers.get(name)) }
}

onEachDatabase('the gateway as middleware of an application', (database) => {
  let own: TestGateway
  let mounted: MountedGateway
  let uid: string
  before(async () => {
    // What is mounted logs to standard output.
    own = await startGateway(database, { LOG_LEVEL: 'silent' })
    mounted = await mountGateway(own.services.config)
    uid = String((await own.addUser({ password: 'right password' })).uid)
  })
  after(async () => {
    await mounted.close()
    await own.close()
  })

  const signed = (params: Query) => signParameters(own.web, params)

  /** Calls of every kind, and among them all that is answered with an error. */
  function calls(): Call[] {
    const habits = signed({ method: 'web.passport.getUserHabits', uid, name: '张 三+&=', empty: '' })
    const right = signed({ method: 'web.passport.verifyUserPwd', uid, password: 'right password' })
    const [first = ['', ''], ...rest] = Object.entries(habits)
    return [
      [`/gateway?${form(habits)}`],
      [`/gateway/?${form(habits)}`],
      [`/gateway?${form(habits)}&uid=0&method=none`],
      [`/gateway?${form(habits)}`, { method: 'HEAD' }],
      ['/gateway', post(urlencoded, form(habits))],
      ['/gateway', post(urlencoded, `${form(habits)}&uid=1&uid=2`)],
      ['/gateway', post(json, JSON.stringify(habits))],
      ['/gateway', post(json, JSON.stringify({ ...habits, uid: Number(uid), list: ['1'], object: {} }))],
      [`/gateway?${form(Object.fromEntries([first]))}`, post(urlencoded, form(Object.fromEntries(rest)))],
      [`/gateway?${form(habits)}`, post(urlencoded, 'uid=1&method=none')],
      [`/gateway?${form(habits)}`, { method: 'POST' }],
      [`/gateway?${form(right)}`],
      [`/gateway?${form(signed({ method: 'web.passport.getUserHabits', uid: '987654321' }))}`],
      ['/gateway', post(urlencoded, form({ ...habits, uid: '1' }))],
      ['/gateway', post(urlencoded, 'a=100%25&b=%zz&client_secret=x&method=web.passport.sendcode')],
      ['/gateway', post('text/plain', 'a=1')],
      ['/gateway'],
      ['/gateway?method=no.such'],
      [`/gateway/web.passport.getUserHabits?${form(habits)}`],
      ['/gateway/web.passport.getUserHabits', post(urlencoded, form(habits))],
      ['/gateway/no.such'],
      ['/front/account/login/logout'],
      ['/front/account/login/logout', post(urlencoded, 'access_token=broken')],
      ['/front/account/login/logout', { method: 'PUT' }],
      ['/front/account/user/listBaseUserLevel'],
      ['/manage/no/such'],
      ['/healthz'],
    ]
  }

  for (const [title, handlers] of Object.entries(parsers)) {
    describe(`with ${title}`, () => {
      let server: Server
      let url: string
      before(async () => {
        const app: Express = express()
        for (const handler of handlers) app.use(handler)
        app.use('/deep/passport', mounted.router)
        app.use(mounted.router)
        app.get('/', (_, response) => void response.send("the application's own front page"))
        app.get('/gateways', (_, response) => void response.send("the application's own page"))
        server = app.listen(0, '127.0.0.1')
        await once(server, 'listening')
        url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      })
      after(() => {
        server.closeAllConnections()
        server.close()
      })

      const ask = (path: string, init?: RequestInit) => fetchAnswer(`${url}${path}`, init)

      it('answers byte for byte like our own server, at the root and under a path', async () => {
        for (const [path, init] of calls()) {
          const expected = comparable(await own.request(path, init))
          const note = `${init?.method ?? 'GET'} ${path} ${JSON.stringify(init?.body)}`
          expect(comparable(await ask(path, init)), note).to.deep.equal(expected)
          expect(comparable(await ask(`/deep/passport${path}`, init)), note).to.deep.equal(expected)
        }
      })

      it('answers at its mount point itself, with a slash and without', async () => {
        const query = form(signed({ method: 'web.passport.getUserHabits', uid }))
        const expected = comparable(await own.request(`/?${query}`))
        for (const path of ['/deep/passport', '/deep/passport/'])
          expect(comparable(await ask(`${path}?${query}`))).to.deep.equal(expected)
      })

      it("leaves the application's own front page and pages to it, and its 404", async () => {
        expect((await ask('/')).text).to.equal("the application's own front page")
        expect((await ask(`/?${form(signed({ method: 'web.passport.getUserHabits', uid }))}`)).text).to.equal(
          "the application's own front page",
        )
        expect((await ask('/gateways')).text).to.equal("the application's own page")
        for (const path of ['/unknown', '/deep/unknown', '/deep/passport/unknown', '/front', '/GATEWAY']) {
          const answer = await ask(path)
          expect([answer.status, answer.text.includes('Cannot GET')], path).to.deep.equal([404, true])
        }
      })
    })
  }
})

describe('a gateway to be mounted', () => {
  it('can not be started on a database that is not there', async () => {
    const DATABASE_URL = `mysql://root@127.0.0.1:${await freePort()}/passport`
    const keys = { DATA_KEY: 'd'.repeat(32), JWT_SECRET: 'j'.repeat(32) }
    const config = loadConfig({ NODE_ENV: 'test', DATABASE_URL, ...keys })
    const error = await mountGateway(config).catch((error: unknown) => error)
    expect(error).to.have.property('code', 'ECONNREFUSED')
  })
})
