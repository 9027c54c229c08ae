import { expect } from 'chai'
import type { HttpAnswer } from '../../fetch-answer.js'
import { dataOf } from '../../harness.js'
import { withGateway } from '../../suite.js'

const outline = ({ status, text }: HttpAnswer) => `${status} ${text}`
const logout = '/front/account/login/logout'
const levels = '/front/account/user/listBaseUserLevel'
const loggedOut = '200 {"status":200,"code":0,"msg":"操作成功","data":{"token":""},"error":null}'

withGateway('the account envelope', (gateway) => {
  it('has status, code, msg, data and error, in this order, always', async () => {
    expect(outline(await gateway.request(logout))).to.equal(loggedOut)
    const answers = [levels, '/front/account/no/such', '/manage/account/no/such', `${logout}?client_secret=x`]
    for (const path of answers) {
      const { json } = await gateway.request(path)
      expect(Object.keys(json ?? {}), path).to.deep.equal(['status', 'code', 'msg', 'data', 'error'])
    }
  })

  it('has JSON numbers and booleans in its data, in the order of the contract', async () => {
    const { json } = await gateway.request(levels)
    const { items } = dataOf<{ items: object[] }>(json)
    expect(items[1]).to.deep.equal({
      user_level_id: 1002,
      user_level_name: 'vip2',
      user_level_exp: 0,
      user_level_spend: 2,
      user_level_logo: '',
      user_level_rate: 95,
      user_level_time: 0,
      user_level_is_buildin: true,
    })
  })

  it('says 404 for an unknown path, letter for letter, under /front and /manage', async () => {
    const unknown = '404 {"status":250,"code":0,"msg":"接口不存在","data":null,"error":"METHOD_NOT_FOUND"}'
    for (const path of [
      '/front/account/no/such',
      '/front/',
      '/manage/account',
      '/front/account/login/Logout',
      '/front/account/login/logout/more',
      '/front//account/login/logout',
      '/front/account/login/log%6fut',
    ])
      expect(outline(await gateway.request(path)), path).to.equal(unknown)
    for (const path of ['/front', '/Front/account/login/logout', '/web/passport/sendcode'])
      expect((await gateway.request(path)).text, path).to.equal('{"code":1000,"message":"接口不存在"}')
  })

  it('answers a path with a slash at its end as without', async () => {
    expect(outline(await gateway.request(`${logout}/`))).to.equal(loggedOut)
  })

  it('says 405 and which verbs there are for a wrong one', async () => {
    const wrong = '405 {"status":250,"code":0,"msg":"请求方式不正确","data":null,"error":"VERB_NOT_ALLOWED"}'
    const post = await gateway.request(levels, { method: 'POST' })
    expect([outline(post), post.headers.get('allow')]).to.deep.equal([wrong, 'GET'])
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const answer = await gateway.request(logout, { method })
      expect([outline(answer), answer.headers.get('allow')], method).to.deep.equal([wrong, 'GET, POST'])
    }
  })

  it('answers GET, POST and HEAD where the contract has them', async () => {
    expect(outline(await gateway.request(logout, { method: 'POST' }))).to.equal(loggedOut)
    expect(outline(await gateway.request(levels, { method: 'HEAD' }))).to.equal('200 ')
  })

  it('comes with exact headers: its type, its length, for no cache', async () => {
    for (const path of [logout, '/front/no/such']) {
      const { headers, text } = await gateway.request(path)
      expect(headers.get('content-type')).to.equal('application/json;charset=UTF-8')
      expect(headers.get('content-length')).to.equal(String(Buffer.byteLength(text)))
      expect(headers.get('cache-control')).to.equal('no-store')
    }
  })

  it('says which parameter wants what when one does not fit', async () => {
    const tooLarge = await gateway.request(logout, { method: 'POST', body: 'x'.repeat(1024 * 1024) })
    expect([tooLarge.status, tooLarge.json?.['msg'], tooLarge.json?.['error']]).to.deep.equal([
      413,
      '参数错误：body: at most 262144 bytes',
      'BODY_TOO_LARGE',
    ])
    const headers = { 'Content-Type': 'application/json' }
    expect(outline(await gateway.request(logout, { method: 'POST', headers, body: '{"' }))).to.equal(
      '200 {"status":250,"code":300,"msg":"参数错误：body: JSON","data":null,"error":"PARAM_ERROR"}',
    )
  })

  it('says 404 on an unknown path, whatever its body is, and 415 on a known one', async () => {
    const unread = (type: string, body = 'x') => ({ method: 'POST', body, headers: { 'Content-Type': type } })
    const notFound = '404 {"status":250,"code":0,"msg":"接口不存在","data":null,"error":"METHOD_NOT_FOUND"}'
    for (const request of [
      unread('multipart/form-data; boundary=x'),
      unread('text/xml'),
      unread('application/json', '{"'),
      unread('text/plain', 'x'.repeat(300_000)),
    ])
      expect(outline(await gateway.request('/front/sys/upload/other', request))).to.equal(notFound)
    expect((await gateway.request(logout, unread('multipart/mixed; boundary=x'))).status).to.equal(415)
  })

  it('says 500 for a crash, and 503 with Retry-After when there is too much to do', async () => {
    const { table } = gateway.gateway
    const method = table.byName.get('front.account.user.listsExpRule') ?? expect.fail()
    const answerOf = (handle: () => Promise<unknown>) => {
      Object.assign(method, { handle })
      return gateway.request('/front/account/user/listsExpRule')
    }
    expect(outline(await answerOf(() => Promise.reject(new Error('a secret'))))).to.equal(
      '500 {"status":250,"code":300,"msg":"操作失败","data":null,"error":"CRASH"}',
    )
    const refused = Object.assign(new Error('no'), { code: 'ECONNREFUSED' })
    const overload = await answerOf(() => Promise.reject(refused))
    expect(outline(overload)).to.equal(
      '503 {"status":250,"code":300,"msg":"服务繁忙，请稍后再试","data":null,"error":"UNAVAILABLE"}',
    )
    expect(overload.headers.get('retry-after')).to.equal('2')
    const sql = Object.assign(new Error('select * from a'), { code: 'ER_PARSE_ERROR' })
    expect(outline(await answerOf(() => Promise.reject(sql)))).to.equal(
      '500 {"status":250,"code":300,"msg":"服务繁忙，请稍后再试","data":null,"error":"SERVICE_ERROR"}',
    )
  })

  it('writes the path to the access log, never the query string or the body', async () => {
    const secret = 'pass-word-that-travels-here'
    const body = new URLSearchParams({ password: secret, user_account: secret })
    await gateway.request(`${logout}?password=${secret}&access_token=${secret}`, { method: 'POST', body })
    await gateway.request(`/front/no/such?password=${secret}`, { headers: { Authorization: secret } })
    await gateway.call('web.passport.verifyUserPwd', { uid: '1', password: secret })
    const lines = gateway.logLines.join('')
    expect(lines).to.include(`"path":"${logout}"`).and.include('"path":"/front/no/such"')
    expect(lines).to.include('"method":"web.passport.verifyUserPwd"')
    expect(lines).not.to.include(secret)
  })
})
