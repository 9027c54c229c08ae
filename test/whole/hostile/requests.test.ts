import { expect } from 'chai'
import { emailMalformed, methodNotFound, paramError, pathNotFound, uidMissing } from '../../answers.js'
import { signParameters } from '../../harness.js'
import { prepared, withGateway } from '../../suite.js'

const form = 'application/x-www-form-urlencoded'
const json = 'application/json'

withGateway('hostile requests', function (gateway) {
  this.timeout(60_000)
  const user = prepared(before, () => gateway.addUser())
  const other = prepared(before, () => gateway.addUser())
  before(() => gateway.call('web.passport.modifyLikeBrand', { uid: String(user.uid), brand: 'kept' }))

  const post = (body: string | URLSearchParams, type: string, path = '/gateway') =>
    gateway.request(path, { method: 'POST', body, headers: { 'Content-Type': type } })
  /** Signed parameters that read the user's brands, and others beside them. */
  const reading = (others: Record<string, string> = {}) =>
    signParameters(gateway.web, { method: 'web.passport.getLikeBrand', uid: String(user.uid), ...others })
  const brands = () => `{"code":200,"data":{"uid":${user.uid},"brand":"kept"},"message":"成功"}`

  describe('for methods that do not exist', () => {
    const written = ['', 'nope', 'WEB.PASSPORT.SENDCODE', ' web.passport.sendcode', 'web.passport.sendcode\0']
    const inherited = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf']
    for (const method of [...written, ...inherited, 'm'.repeat(64 * 1024)])
      it(`are answered 404 with code 1000: ${JSON.stringify(method.slice(0, 40))}`, async () => {
        const { status, text } = await post(new URLSearchParams({ method }), form)
        expect([status, text]).to.deep.equal([404, methodNotFound])
      })

    const paths = ['nope', 'account/user/__proto__', '/', '%2e%2e%2f', 'account/user%00', '%ff%zz%', '用户']
    for (const path of paths)
      it(`are answered 404 in the account envelope: /front/${path}`, async () => {
        const { status, text } = await gateway.request(`/front/${path}`)
        expect([status, text]).to.deep.equal([404, pathNotFound])
      })
  })

  describe('with a parameter sent again', () => {
    const again = () => `uid=${other.uid}&uid=&uid=0`

    it('count the first in the query', async () => {
      const query = new URLSearchParams(reading()).toString()
      expect((await gateway.request(`/gateway?${query}&${again()}`)).text).to.equal(brands())
    })

    it('count the query before a form, and the first in a form', async () => {
      const params = new URLSearchParams(reading()).toString()
      expect((await post(again(), form, `/gateway?${params}`)).text).to.equal(brands())
      expect((await post(`${params}&${again()}`, form)).text).to.equal(brands())
    })

    it('count the query before a JSON body, and the first in one', async () => {
      const params = new URLSearchParams(reading()).toString()
      const body = JSON.stringify({ uid: String(other.uid) })
      expect((await post(body, json, `/gateway?${params}`)).text).to.equal(brands())
      const twice = `${JSON.stringify(reading()).slice(0, -1)},"uid":"${other.uid}","uid":{}}`
      expect((await post(twice, json)).text).to.equal(brands())
    })

    it('know no lists by name', async () => {
      const { uid: _, ...rest } = reading()
      const missing = signParameters(gateway.web, {
        method: 'web.passport.getLikeBrand',
        'uid[]': rest['method'] ?? '',
      })
      expect((await post(new URLSearchParams(missing), form)).text).to.equal(uidMissing)
    })
  })

  describe('with names that every object has', () => {
    const names = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', '__defineGetter__']
    const others = () => Object.fromEntries(names.map((name) => [name, 'polluted']))
    const sendings = {
      query: () => gateway.request(`/gateway?${new URLSearchParams(reading(others())).toString()}`),
      form: () => post(new URLSearchParams(reading(others())), form),
      'JSON body': () => post(JSON.stringify(reading(others())), json),
    }
    for (const [carrier, send] of Object.entries(sendings))
      it(`take them for names like any other, and sign them: ${carrier}`, async () => {
        expect(Object.hasOwn(others(), '__proto__'), '__proto__ is sent').to.equal(true)
        expect((await send()).text).to.equal(brands())
        expect(Reflect.get({}, 'polluted')).to.equal(undefined)
      })
  })

  describe('with broken escapes', () => {
    const understood: Readonly<Record<string, string>> = {
      '%': '%',
      '%zz': '%zz',
      '%2': '%2',
      'a%b%41': 'a%bA',
      '%25zz': '%zz',
      '%u4f60': '%u4f60',
      '%e4%bd%a0%': '你%',
      'a+b%2B+': 'a b+ ',
      'a=b=c': 'a=b=c',
    }
    for (const sent of ['%e4%bd', '%c0%ae', '%D5%C5%C8%FD', 'a%ff'])
      it(`refuse ${sent}, which is no UTF-8: what was meant is lost`, async () => {
        const { uid } = await gateway.addUser()
        const params = { method: 'web.passport.modifyLikeBrand', uid: String(uid), brand: '' }
        const brand = Buffer.from(unescape(sent), 'latin1').toString('utf8')
        const { brand: _, ...rest } = signParameters(gateway.web, { ...params, brand })
        const query = `${new URLSearchParams(rest).toString()}&brand=${sent}`
        expect((await gateway.request(`/gateway?${query}`)).text).to.equal(paramError)
      })

    for (const [sent, brand] of Object.entries(understood))
      it(`understand ${sent} as ${JSON.stringify(brand)}`, async () => {
        const { uid } = await gateway.addUser()
        const params = { method: 'web.passport.modifyLikeBrand', uid: String(uid), brand }
        const { brand: _, ...rest } = signParameters(gateway.web, params)
        const query = `${new URLSearchParams(rest).toString()}&brand=${sent}`
        expect((await gateway.request(`/gateway?${query}`)).json?.code).to.equal(200)
        const { text } = await gateway.call('web.passport.getLikeBrand', { uid: String(uid) })
        expect(text).to.equal(
          `{"code":200,"data":{"uid":${uid},"brand":${JSON.stringify(brand)}},"message":"成功"}`,
        )
      })
  })

  describe('with a body beyond measure', () => {
    const tooLarge = { status: 413, text: paramError }

    it('of 1 MiB are answered 413, announced or not', async () => {
      const announced = await post(`a=${'b'.repeat(1024 * 1024)}`, form)
      expect(announced).to.include(tooLarge)
      const body = new Blob(['b'.repeat(1024 * 1024)]).stream()
      const headers = { 'Content-Type': form }
      const chunked = await gateway.request('/gateway', { method: 'POST', body, headers, duplex: 'half' })
      expect(chunked).to.include(tooLarge)
    })

    it('of 1 MiB are answered 413 on REST paths, in their envelope', async () => {
      const { status, json } = await post(`a=${'b'.repeat(1024 * 1024)}`, form, '/front/account/login/logout')
      expect(status).to.equal(413)
      expect(json).to.have.all.keys('status', 'code', 'msg', 'data', 'error')
      expect(json).to.include({ status: 250, code: 300, data: null, error: 'BODY_TOO_LARGE' })
    })

    it('of 100,000 parameters are refused, and so are 1001', async () => {
      const many = { status: 200, text: paramError }
      expect(await post('&a'.repeat(100_000), form)).to.include(many)
      expect(await post('&a'.repeat(1001), form)).to.include(many)
      expect(await gateway.request(`/gateway?${'a&'.repeat(1001)}`)).to.include(many)
      const members = Array.from({ length: 10_000 }, (_, at) => `"p${at}":${at}`)
      expect(await post(`{${members.join(',')}}`, json)).to.include(many)
    })

    it('of 900 more parameters are answered', async () => {
      const others = Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`p${at}`, String(at)]))
      expect((await post(new URLSearchParams(reading(others)), form)).text).to.equal(brands())
    })

    it('of lists in lists are answered or refused, however deep', async () => {
      const withDepth = (depth: number) =>
        `${JSON.stringify(reading()).slice(0, -1)},"deep":${'['.repeat(depth)}${']'.repeat(depth)}}`
      expect((await post(withDepth(100), json)).text).to.equal(brands())
      expect((await post(withDepth(100_000), json)).text).to.equal(paramError)
    })
  })

  describe('with a body that is not what it says', () => {
    for (const body of ['{', '[]', '"text"', '1', 'null', '{"a":1,}', '{"a":}', '{"a":1}{"b":2}', "{'a':1}"])
      it(`are refused: ${JSON.stringify(body)} as JSON`, async () => {
        expect(await post(body, json)).to.include({ status: 200, text: paramError })
      })

    for (const type of ['text/plain', 'multipart/mixed; boundary=x', 'application/xml', 'nonsense'])
      it(`are answered 415: ${JSON.stringify(type)}`, async () => {
        const { status, text } = await post('a=b', type)
        expect([status, text]).to.deep.equal([415, paramError])
      })

    it('are answered 415 when the body is compressed', async () => {
      const headers = { 'Content-Type': form, 'Content-Encoding': 'gzip' }
      const { status, text } = await gateway.request('/gateway', { method: 'POST', body: 'a=b', headers })
      expect([status, text]).to.deep.equal([415, paramError])
    })

    it('are read as the UTF-8 that JSON is, whatever character set is named', async () => {
      expect(
        (await post(JSON.stringify(reading({ name: '张三' })), `${json}; charset=utf-16`)).text,
      ).to.equal(brands())
    })

    it('are half characters where JSON says so, and are understood as a form would be', async () => {
      for (const app of [gateway.web, await gateway.addApp({ scheme: 'hmac-sha256' })]) {
        const params = { method: 'web.passport.getLikeBrand', uid: String(user.uid), name: 'a\ufffd' }
        const signed = signParameters(app, params, gateway.clock.now())
        expect((await post(JSON.stringify({ ...signed, name: 'a\ud83d' }), json)).text).to.equal(brands())
      }
    })

    it('are nothing where JSON says a list or an object', async () => {
      const body = { ...reading(), empty: [], list: ['a'], object: { a: 1 } }
      expect((await post(JSON.stringify(body), json)).text).to.equal(brands())
    })
  })

  describe('with strange e-mail addresses', () => {
    it('can verify one whose lower case is longer than its column, in the one spelling of its domain', async () => {
      const mailbox = 'İ'.repeat(30)
      const { uid } = await gateway.addUser()
      const verify = async (email: string) =>
        (await gateway.call('web.passport.verifyEmail', { uid: String(uid), email })).json?.code
      expect(await verify(`${mailbox}@${'İ'.repeat(10)}.com`), 'a domain of 20 characters').to.equal(400)
      expect(await verify(`${mailbox}@${'İ'.repeat(7)}.com`)).to.equal(200)
      const email = `${mailbox}@${'i\u0307'.repeat(7)}.com`
      const code = await gateway.lastMailToken(email)
      expect((await gateway.call('web.passport.changeEmail', { code })).json?.code).to.equal(200)
      const { json } = await gateway.call('web.passport.getUserVerifyInfo', { uid: String(uid) })
      expect(json?.data).to.include({ email, emailVerify: 'Y' })
    })

    it('are refused where one holds control characters', async () => {
      for (const email of [
        'a\0@example.com',
        'a@example.com\0',
        'a\u0001b@example.com',
        'a@exam\u007fple.com',
      ]) {
        const { text } = await gateway.call('app.register.backpwdByEmail', { email })
        expect(text, JSON.stringify(email)).to.equal(emailMalformed)
      }
    })
  })

  it('are no requests for JSONP with a script for a callback', async () => {
    for (const callback of [
      'alert(1)//',
      '',
      'a b',
      'a'.repeat(65),
      '</script>',
      'a\u2028',
      '__proto__[x]',
    ]) {
      const query = new URLSearchParams({ method: 'open.passport.get', return_type: 'jsonp', callback })
      const { headers, text } = await gateway.request(`/gateway?${query.toString()}`)
      expect(text, callback).to.equal(paramError)
      expect(headers.get('content-type')).to.equal('application/json;charset=UTF-8')
    }
  })

  it("come in nobody's name with headers made up", async () => {
    const headers = {
      Authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMDAwMiJ9.',
      Cookie: `_UID=x::${user.uid}::?::%ff; _UID; =; __proto__=1; a="b`,
      Referer: 'http://www.example.com@evil.example/',
      Origin: 'null',
      'X-Forwarded-For': "127.0.0.1, ' OR 1=1",
      'X-Real-IP': '::ffff:999.1.1.1',
      'X-Request-Id': '<script>alert(1)</script>',
    }
    const query = new URLSearchParams({ method: 'open.passport.get', return_type: 'jsonp', callback: 'f' })
    const answer = await gateway.request(`/gateway?${query.toString()}`, { headers })
    expect(answer.text).to.equal('f({"code":200,"data":{"data":[],"result":"-1"},"message":"User info"})')
    expect(answer.headers.get('x-request-id')).to.match(/^[\w.-]+$/)
    expect(answer.headers.get('access-control-allow-origin')).to.equal(null)
  })
})
