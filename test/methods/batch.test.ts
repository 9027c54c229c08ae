import { expect } from 'chai'
import { paramError, signatureInvalid, signatureMissing, signInAgain, tryLater } from '../answers.js'
import type { HttpAnswer } from '../fetch-answer.js'
import { dataOf, signParameters, type TestApp } from '../harness.js'
import { prepared, withGateway } from '../suite.js'

/** A call as clients list it. */
type Listed = Readonly<Record<string, unknown>>

const batchOf = (...bodies: readonly string[]): string =>
  `{"code":200,"data":[${bodies.join(',')}],"message":"操作成功"}`

const codesOf = ({ json }: HttpAnswer): number[] => dataOf<{ code: number }[]>(json).map(({ code }) => code)

withGateway('batch', { NODE_ENV: 'development', PUBLIC_URL: 'http://127.0.0.1' }, (gateway) => {
  const user = prepared(before, () => gateway.addUser({ mobile: '13900000001', nickname: '张三' }))
  const app = prepared(before, () => gateway.addApp({ scheme: 'hmac-sha256' }))
  const send = (calls: unknown, options: Parameters<typeof gateway.call>[2] = {}): Promise<HttpAnswer> =>
    gateway.call(
      'batch',
      { calls: typeof calls === 'string' ? calls : JSON.stringify(calls) },
      { app, verb: 'POST', ...options },
    )
  /** The answer of a call by itself. */
  const alone = async ({ method, params = {} }: Listed, by: TestApp = app): Promise<string> => {
    const texts = Object.entries(params as object).map(([name, value]) => [name, String(value)])
    const options = { app: by, verb: 'POST' } as const
    return (await gateway.call(String(method), Object.fromEntries(texts), options)).text
  }

  it('answers each call as it would be answered by itself, to the byte and in order', async () => {
    const calls: Listed[] = [
      { method: 'open.account.get', params: { uid: user.uid } },
      { method: 'web.passport.getUserVerifyInfo', params: { uid: 999_999_999 } },
      { method: 'web.passport.getUserVerifyInfo', params: {} },
      { method: 'no.such.method' },
      { method: 'web.passport.getUserHabits', params: { uid: String(user.uid), nobody: ['declared', {}] } },
      { method: 'front.account.user.info' },
      { method: 'front.sys.district.tree' },
      { method: 'manage.account.user.list', params: { page: 1 } },
    ]
    const answer = await send(calls)
    expect(answer.status).to.equal(200)
    expect(answer.headers.get('content-type')).to.equal('application/json;charset=UTF-8')
    expect(answer.text).to.equal(batchOf(...(await Promise.all(calls.map((call) => alone(call))))))
  })

  it('is the same on its own path', async () => {
    const calls = JSON.stringify([
      { method: 'open.account.get', params: { uid: user.uid } },
      { method: 'no.such' },
    ])
    const params = signParameters(app, { method: 'batch', calls }, gateway.clock.now())
    const body = new URLSearchParams(params)
    const answer = await gateway.request('/gateway/batch', { method: 'POST', body })
    expect(answer.text).to.equal((await send(calls)).text)
    expect(codesOf(answer)).to.deep.equal([200, 1000])
  })

  it('makes the calls one after the other', async () => {
    const modify = { method: 'web.passport.modifyUserContacts', params: { uid: user.uid, qq: '12345678' } }
    const read = { method: 'web.passport.getUserContacts', params: { uid: user.uid } }
    const [before, , after] = dataOf<{ data: { qq: string } }[]>((await send([read, modify, read])).json)
    expect(before?.data.qq).to.not.equal('12345678')
    expect(after?.data.qq).to.equal('12345678')
  })

  it('holds each call to the grants, the trust and the session that its method needs', async () => {
    const narrow = await gateway.addApp({
      scheme: 'hmac-sha256',
      grants: ['batch', 'open.*'],
      trust: 'public',
    })
    const get = (uid: number) => ({ method: 'open.account.get', params: { uid } })
    const calls = [
      get(user.uid),
      { method: 'open.message.send', params: { uids: String(user.uid), content: 'spam' } },
      { method: 'web.passport.getUserHabits', params: { uid: user.uid } },
    ]
    const stranger = await send(calls, { app: narrow })
    expect(stranger.text).to.equal(
      batchOf(signInAgain, '{"code":500,"message":"没有访问权限"}', signatureInvalid),
    )
    const other = await gateway.addUser()
    const headers = { Authorization: `Bearer ${await user.startSession()}` }
    const own = await send([get(user.uid), get(other.uid)], { app: narrow, headers })
    expect(codesOf(own)).to.deep.equal([200, 10014])
    const inside = { ...get(user.uid), params: { uid: user.uid, session_key: await user.startSession() } }
    const by = await send([inside, get(user.uid)], { app: narrow })
    expect(codesOf(by)).to.deep.equal([200, 10014])
  })

  it('needs a grant of its own', async () => {
    const narrow = await gateway.addApp({ scheme: 'hmac-sha256', grants: ['open.*'] })
    expect((await send([{ method: 'open.account.get' }], { app: narrow })).text).to.equal(signatureInvalid)
  })

  it('counts each call in the limit of its method', async () => {
    const own = await gateway.addApp({ scheme: 'hmac-sha256' })
    const message = { method: 'open.message.send', params: { uids: '1', content: 'text' } }
    const codes: number[] = []
    for (let sent = 0; sent < 3; sent++) {
      const calls = Array.from({ length: 20 }, () => message)
      codes.push(...codesOf(await send(calls, { app: own })))
    }
    const { code } = JSON.parse(tryLater) as { code: number }
    expect(codes).to.deep.equal([...Array<number>(50).fill(200), ...Array<number>(10).fill(code)])
  })

  it('writes a line of the log for each call, under an id of its own', async () => {
    const headers = { 'X-Request-Id': 'batch-of-the-tests' }
    await send([{ method: 'open.account.get', params: { uid: user.uid } }, { method: 'no.such' }], {
      headers,
    })
    const lines = gateway.logLines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ requestId }) => String(requestId).startsWith('batch-of-the-tests'))
    expect(lines.map(({ requestId, method, code, app }) => [requestId, method, code, app])).to.deep.equal([
      ['batch-of-the-tests.0', 'open.account.get', 200, app.name],
      ['batch-of-the-tests.1', undefined, 1000, undefined],
      ['batch-of-the-tests', 'batch', 200, app.name],
    ])
  })

  it('does each call once that has an idempotency_key', async () => {
    const message = (content: string, key: string) => ({
      method: 'open.message.send',
      params: { uids: String(user.uid), content },
      idempotency_key: key,
    })
    const calls = [message('one', 'batch-key-1'), message('two', 'batch-key-2')]
    const first = await send(calls)
    expect((await send(calls)).text).to.equal(first.text)
    const mixed = await send([message('three', 'batch-key-1'), message('two', 'short')])
    expect(mixed.text).to.equal(batchOf('{"code":409,"message":"此请求标识已用于其他请求"}', paramError))
    expect(await gateway.db('account_user_message').where({ user_id: user.uid })).to.have.length(2)
    const whole = await send(calls, { headers: { 'Idempotency-Key': 'key-of-the-whole' } })
    expect(whole.text).to.equal(paramError)
    expect(whole.headers.get('x-error-detail')).to.equal('Idempotency-Key: not for this method')
  })

  it('holds no batch, stream, picture, file or JSONP', async () => {
    const calls = [
      { method: 'batch', params: { calls: '[]' } },
      { method: 'front.account.userMessage.stream' },
      { method: 'front.sys.captcha.index', params: { verify_key: '12345678' } },
      { method: 'front.account.wechat.callbackPc' },
      { method: 'front.sys.upload.index' },
      { method: 'open.passport.get', params: { uid: user.uid, return_type: 'jsonp', callback: 'show' } },
    ]
    expect((await send(calls)).text).to.equal(batchOf(...calls.map(() => paramError)))
  })

  it('refuses what is no list of 1 to 20 calls', async () => {
    const call = { method: 'open.account.get', params: { uid: user.uid } }
    const wrong: readonly (readonly [unknown, string])[] = [
      ['[{', 'calls: JSON'],
      [{}, 'calls: a list of 1 to 20 calls'],
      [[], 'calls: a list of 1 to 20 calls'],
      [Array.from({ length: 21 }, () => call), 'calls: a list of 1 to 20 calls'],
      [[call, 'open.account.get'], 'calls[1]: an object'],
      [[{ params: {} }], 'calls[0].method: the name of a method'],
      [[{ ...call, params: [1] }], 'calls[0].params: an object'],
      [[{ ...call, idempotency_key: 12345678 }], 'calls[0].idempotency_key: a text'],
    ]
    for (const [calls, detail] of wrong) {
      const answer = await send(calls)
      expect(answer.text, detail).to.equal(paramError)
      expect(answer.headers.get('x-error-detail')).to.equal(detail)
    }
    expect((await send('')).text).to.equal(paramError)
    const large = await send([{ ...call, params: { uid: user.uid, text: 'x'.repeat(256 * 1024) } }])
    expect([large.status, large.text]).to.deep.equal([413, paramError])
  })

  it('is for the body of a POST', async () => {
    const answer = await send([{ method: 'open.account.get', params: { uid: user.uid } }], { verb: 'GET' })
    expect(answer.text).to.equal(paramError)
    expect(answer.headers.get('x-error-detail')).to.equal('calls: belongs into the body of a POST')
    expect((await gateway.request('/batch', { method: 'POST' })).status).to.equal(404)
  })

  it('is refused to a legacy signature, and any changed text of it to the other', async () => {
    const calls = JSON.stringify([{ method: 'open.account.get', params: { uid: user.uid } }])
    expect((await send(calls, { app: gateway.web })).text).to.equal(signatureInvalid)
    const signed = signParameters(app, { method: 'batch', calls })
    const post = (params: Record<string, string>) =>
      gateway.request('/gateway', { method: 'POST', body: new URLSearchParams(params) })
    const changed = calls.replace(String(user.uid), String(user.uid + 1))
    expect((await post({ ...signed, calls: changed })).text).to.equal(signatureInvalid)
    expect((await post(signed)).json).to.include({ code: 200 })
    expect((await post(signed)).text, 'the same nonce').to.equal(signatureInvalid)
    // A call that names its own application is made by the one that signed the batch.
    const named = {
      method: 'open.account.get',
      params: { uid: user.uid, client_type: 'web', client_secret: '0' },
    }
    expect(codesOf(await send([named]))).to.deep.equal([200])
  })

  it('is unsigned where calls need no signature, and its calls are then as unsigned', async () => {
    const calls = [
      { method: 'web.passport.sendcode', params: { mobile: '13900000009', area: '86' } },
      { method: 'front.account.login.logout' },
      { method: 'manage.account.user.list' },
    ]
    const unsigned = await send(calls, { app: null })
    expect(codesOf(unsigned)).to.deep.equal([200, 200, 10014])
    const foreign = await send(calls, { app: null, headers: { 'X-Forwarded-For': '198.51.100.7' } })
    expect(foreign.text).to.equal(signatureMissing)
  })

  it('takes a JSON body too', async () => {
    const calls = JSON.stringify([
      { method: 'front.account.userMessage.setRead' },
      { method: 'open.passport.get', params: { uid: 0 } },
    ])
    const answer = await gateway.request('/gateway?method=batch', {
      method: 'POST',
      body: JSON.stringify({ calls }),
      headers: { 'Content-Type': 'application/json' },
    })
    expect(answer.text).to.equal(batchOf(signInAgain, '{"code":421,"message":"uid不能为空"}'))
  })
})

withGateway('batch, where answers have a checksum', { PASSPORT_SALT: 'salt of the tests' }, (gateway) => {
  it('has that of each call and that of the whole', async () => {
    const app = await gateway.addApp({ scheme: 'hmac-sha256' })
    const user = await gateway.addUser()
    const call = { method: 'web.passport.getUserHabits', params: { uid: String(user.uid) } }
    const alone = await gateway.call(call.method, call.params, { app })
    const answer = await gateway.call('batch', { calls: JSON.stringify([call]) }, { app, verb: 'POST' })
    expect(answer.text).to.match(
      /^{"alg":"SALT_MD5","code":200,"data":\[.*\],"md5":"[\da-f]{32}","message":"操作成功"}$/,
    )
    expect(answer.text).to.contain(`"data":[${alone.text}],`)
    expect(answer.headers.get('x-yh-response-checksum')).to.match(/^[\da-f]{32}$/)
  })
})
