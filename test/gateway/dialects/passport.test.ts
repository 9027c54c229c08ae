import { expect } from 'chai'
import { availableParallelism } from 'node:os'
import type { HttpAnswer } from '../../fetch-answer.js'
import { signParameters, startGateway } from '../../harness.js'
import { usualHashes } from '../../password-cost.js'
import { onEachDatabase } from '../../servers/databases.js'
import { withGateway, withGatewayPerTest } from '../../suite.js'

const form = (params: Record<string, string>) => new URLSearchParams(params).toString()
const outline = ({ status, text }: HttpAnswer) => `${status} ${text}`

withGateway('the passport envelope', (gateway) => {
  let uid: string
  before(async () => {
    uid = String((await gateway.addUser({ password: 'right password' })).uid)
  })

  it('takes GET and POST, and refuses every other verb', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const refused = await gateway.request('/gateway?method=open.passport.get&uid=1', { method })
      expect(refused).to.include({ status: 405, text: '{"code":400,"message":"操作失败"}' })
      expect(refused.headers.get('allow')).to.equal('GET, HEAD, POST')
    }
  })

  it('has code, data and message in this order, code a number', async () => {
    const answer = await gateway.call('web.passport.getUserHabits', { uid })
    expect(outline(answer)).to.equal(
      `200 {"code":200,"data":{"uid":${uid},"shopping":"","dress":""},"message":"成功"}`,
    )
  })

  it('shows the service answer inside of data', async () => {
    const answer = await gateway.call('web.passport.verifyUserPwd', { uid, password: 'right password' })
    expect(outline(answer)).to.equal(
      '200 {"code":200,"data":{"code":200,"message":"success."},"message":"操作成功"}',
    )
  })

  it('shows nothing as [], and only for the modify methods as {}', async () => {
    expect(
      outline(await gateway.call('web.passport.checkVerifyEmail', { uid, email: 'a@example.com' })),
    ).to.equal('200 {"code":200,"data":[],"message":"操作成功"}')
    expect(outline(await gateway.call('web.passport.modifyUserHabits', { uid, shopping: '1,3' }))).to.equal(
      '200 {"code":200,"data":{},"message":"修改成功"}',
    )
  })

  it('has code and message and nothing else for an error, under HTTP 200', async () => {
    const cases = [
      ['web.passport.getUserHabits', { uid: '987654321' }, '{"code":10010,"message":"用户不存在"}'],
      ['web.passport.getUserHabits', { uid: '' }, '{"code":421,"message":"uid不能为空"}'],
      ['web.passport.sendcode', { area: '86' }, '{"code":401,"message":"手机号码错误"}'],
      ['web.passport.sendcode', { mobile: '12345' }, '{"code":402,"message":"手机号码格式错误"}'],
      ['web.passport.checkCodeValid', { code: 'x' }, '{"code":404,"message":"验证信息无效"}'],
    ] as const
    for (const [method, params, text] of cases)
      expect(outline(await gateway.call(method, params))).to.equal(`200 ${text}`)
  })

  it('says 404 and 1000 for an unknown or missing method, whose name counts letter for letter', async () => {
    const unknown = '404 {"code":1000,"message":"接口不存在"}'
    const targets = ['/gateway', '/gateway?method=', '/gateway?method=web.passport.noSuch', '/?a=b', '/']
    for (const target of targets) expect(outline(await gateway.request(target)), target).to.equal(unknown)
    for (const name of [
      'web.passport.SendCode',
      'web.passport.sendcode ',
      'WEB.PASSPORT.SENDCODE',
      '__proto__',
    ])
      expect(outline(await gateway.call(name)), name).to.equal(unknown)
  })

  it('comes with exact headers: its type, its length, for no cache, and the id of the request', async () => {
    for (const answer of [
      await gateway.call('web.passport.getUserHabits', { uid }),
      await gateway.call('web.passport.getUserHabits', { uid: '987654321' }),
      await gateway.request('/gateway'),
    ]) {
      expect(answer.headers.get('content-type')).to.equal('application/json;charset=UTF-8')
      expect(answer.headers.get('content-length')).to.equal(String(Buffer.byteLength(answer.text)))
      expect(answer.headers.get('cache-control')).to.equal('no-store')
      expect(answer.headers.get('x-content-type-options')).to.equal('nosniff')
      expect(answer.headers.get('x-request-id')).to.match(/^[0-9a-f]{12}-[0-9a-z]+$/)
      for (const name of ['x-error-detail', 'x-powered-by', 'etag', 'x-yh-response-checksum'])
        expect(answer.headers.get(name), name).to.equal(null)
    }
  })

  it("keeps a caller's request id if it is a plain one", async () => {
    const idFor = async (id: string) =>
      (await gateway.request('/gateway', { headers: { 'X-Request-Id': id } })).headers.get('x-request-id')
    expect(await idFor('caller-id.0001')).to.equal('caller-id.0001')
    for (const id of ['short', 'x'.repeat(65), 'with spaces in it', 'semi;colon;']) {
      expect(await idFor(id)).to.match(/^[0-9a-f]{12}-/)
    }
  })

  it('is the same at /gateway, /gateway/ and /', async () => {
    const query = form(signParameters(gateway.web, { method: 'web.passport.getUserHabits', uid }))
    const paths = ['/gateway', '/gateway/', '/']
    const answers = await Promise.all(paths.map((path) => gateway.request(`${path}?${query}`)))
    for (const answer of answers) expect(outline(answer)).to.equal(outline(answers[0] ?? expect.fail()))
    expect(answers[0]?.json?.code).to.equal(200)
    const elsewhere = await gateway.request(`/Gateway?${query}`)
    expect(outline(elsewhere)).to.equal('404 {"code":1000,"message":"接口不存在"}')
  })

  it('is the same for GET, a POST form and a JSON body', async () => {
    const signed = signParameters(gateway.web, {
      method: 'web.passport.getUserVerifyInfo',
      uid,
      name: '张 三+',
    })
    const post = (type: string, body: string, query = '') =>
      gateway.request(`/gateway${query}`, { method: 'POST', headers: { 'Content-Type': type }, body })
    const got = await gateway.request(`/gateway?${form(signed)}`)
    expect(got.json?.code).to.equal(200)
    for (const answer of [
      await post('application/x-www-form-urlencoded', form(signed)),
      await post('application/json', JSON.stringify(signed)),
      await post('application/json', JSON.stringify({ ...signed, uid: Number(uid), list: [1] })),
      await post('application/json', '{}', `?${form(signed)}`),
      await post('', '', `?${form(signed)}`),
    ])
      expect(outline(answer)).to.equal(outline(got))
  })

  it('is answered to a HEAD without its body', async () => {
    const answer = await gateway.request('/gateway', { method: 'HEAD' })
    expect([answer.status, answer.text, answer.headers.get('content-length')]).to.deep.equal([404, '', '41'])
  })

  it('takes the first value of a repeated parameter, the query before the body', async () => {
    const method = 'web.passport.getUserHabits'
    const query = form(signParameters(gateway.web, { method, uid }))
    const last = await gateway.request(`/gateway?${query}&uid=987654321&method=none`)
    expect(last.json?.code).to.equal(200)
    const body = new URLSearchParams({ uid: '987654321', method: 'none', client_secret: 'x' })
    expect((await gateway.request(`/gateway?${query}`, { method: 'POST', body })).json?.code).to.equal(200)
    const first = await gateway.request(`/gateway?uid=987654321&${query}`)
    expect(first.text).to.equal('{"code":500,"message":"数据验证错误."}')
  })

  it('calls a method by its other names too', async () => {
    for (const name of ['web.passport.changeEmail', 'web.passport.changeVerifyEmail'])
      expect((await gateway.call(name, { code: 'x' })).text).to.equal('{"code":404,"message":"验证信息无效"}')
  })

  it('shows a front method in this envelope, and in its own on its path', async () => {
    const name = 'front.account.login.logout'
    expect((await gateway.call(name, {}, { app: null })).text).to.equal(
      '{"code":200,"data":{"token":""},"message":"操作成功"}',
    )
    expect((await gateway.request(`/${name.replaceAll('.', '/')}`)).text).to.equal(
      '{"status":200,"code":0,"msg":"操作成功","data":{"token":""},"error":null}',
    )
  })
})

const noQueue = { ...usualHashes, HASH_QUEUE: '0' }

withGatewayPerTest('the passport envelope when something is broken', noQueue, (gateway) => {
  it('says 500 for a crash, and nothing of what crashed', async () => {
    const crashing = gateway.gateway.table.byName.get('web.passport.getUserHabits')
    const handle = () => Promise.reject(new TypeError('cannot read the secret at /home/someone/gateway.ts'))
    Object.assign(crashing ?? expect.fail(), { handle })
    const answer = await gateway.call('web.passport.getUserHabits', { uid: '1' })
    expect(outline(answer)).to.equal('500 {"code":500,"message":"操作失败"}')
    expect([...answer.headers].join()).not.to.include('secret')
  })

  it('says 998 for a statement the database refuses, and nothing of the statement', async () => {
    await gateway.db.schema.renameTable('passport_profile', 'passport_profile_gone')
    const answer = await gateway.call('web.passport.getUserHabits', { uid: '1' })
    await gateway.db.schema.renameTable('passport_profile_gone', 'passport_profile')
    expect(outline(answer)).to.equal('200 {"code":998,"message":"服务繁忙，请稍后再试"}')
  })

  it('says 503 and when to come again while more hashes are asked for than can run', async () => {
    const { uid, password } = await gateway.addUser()
    const { passwords } = gateway.services
    const stop = new AbortController()
    const keepBusy = async () => {
      while (!stop.signal.aborted) await passwords.hash(password).catch(() => {})
    }
    const busy = Array.from({ length: availableParallelism() }, keepBusy)
    let answer: HttpAnswer
    // Between two hashes a call may slip in and be answered.
    do answer = await gateway.call('web.passport.verifyUserPwd', { uid: String(uid), password })
    while (answer.status === 200)
    stop.abort()
    await Promise.all(busy)
    expect(outline(answer)).to.equal('503 {"code":999,"message":"服务繁忙，请稍后再试"}')
    expect(answer.headers.get('retry-after')).to.equal('1')
  })
})

describe('the header X-Error-Detail', () => {
  onEachDatabase('tells developers', (database) => {
    const detail = async (env: Record<string, string>) => {
      const gateway = await startGateway(database, env)
      const answer = await gateway.call('web.passport.changePwd', { uid: 'x', newPassword: '1234567' })
      await gateway.close()
      expect(outline(answer)).to.equal('200 {"code":421,"message":"uid不能为空"}')
      return answer.headers.get('x-error-detail')
    }

    it('which parameter wants what, in development only', async () => {
      expect(await detail({ NODE_ENV: 'development' })).to.equal('uid: integer from 0 to 9007199254740991')
      expect(await detail({ NODE_ENV: 'test' })).to.equal(null)
    })
  })
})
