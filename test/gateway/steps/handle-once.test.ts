import { expect } from 'chai'
import { insertAuditEntries } from '../../../db/audit-entries.js'
import { saveSetting } from '../../../db/settings.js'
import { transaction } from '../../../db/transaction.js'
import type { CompiledMethod } from '../../../gateway/contract/compile-table.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { keepHouse } from '../../../gateway/start/housekeeping.js'
import { auditEntry } from '../../../methods/rules/audit.js'
import { done, paramError, paramRefusal, refusal, succeededWith } from '../../answers.js'
import type { HttpAnswer } from '../../fetch-answer.js'
import { dataOf, type TestApp, type TestGateway, type TestUser } from '../../harness.js'
import { createAccountClient } from '../../methods/front/account/account-client.js'
import { prepared, withGateway } from '../../suite.js'

/** A method whose work a test may replace. */
type Changeable = { -readonly [Key in keyof CompiledMethod]: CompiledMethod[Key] }

const day = 86_400_000
let keys = 0
/** A key that no call had before. */
const freshKey = (): string => `key-of-the-tests-${keys++}`

const busy = refusal(300, '相同的请求正在处理，请稍后再试', 'IDEMPOTENCY_KEY_BUSY')
const reused = refusal(300, '此请求标识已用于其他请求', 'IDEMPOTENCY_KEY_REUSED')
const broken = refusal(300, '上次请求中断，请先核对结果', 'IDEMPOTENCY_KEY_BROKEN')

/** Posts to a path of the account APIs with a key. */
const posting =
  (gateway: TestGateway, path: string) =>
  (key: string | undefined, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    gateway.request(`/front/account/${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { ...headers, ...(key !== undefined && { 'Idempotency-Key': key }) },
    })

withGateway('a call with an Idempotency-Key', (gateway) => {
  const user = prepared(before, () => gateway.addUser())
  const other = prepared(before, () => gateway.addUser())
  const bearer = async (someone: TestUser) => ({ Authorization: `Bearer ${await someone.startSession()}` })
  const addressesOf = async ({ uid }: TestUser): Promise<number> =>
    (await gateway.db('account_user_delivery_address').where({ user_id: uid })).length
  const rows = async () => gateway.db('idempotent_call').select()
  const add = posting(gateway, 'userDeliveryAddress/add')

  it('is done once and answered the same to the byte, with the quotes of the header’s form or without', async () => {
    const headers = await bearer(user)
    const [key, before] = [freshKey(), await addressesOf(user)]
    const first = await add(key, { ud_name: '张三' }, headers)
    expect(first.json).to.include({ code: 0, status: 200 })
    expect((await add(key, { ud_name: '张三' }, headers)).text).to.equal(first.text)
    expect((await add(`"${key}"`, { udName: '张三' }, await bearer(user))).text).to.equal(first.text)
    expect(await addressesOf(user)).to.equal(before + 1)
  })

  it('is done every time without one, and leaves no row', async () => {
    const [headers, before, kept] = [await bearer(user), await addressesOf(user), (await rows()).length]
    const first = await add(undefined, { ud_name: '张三' }, headers)
    expect((await add(undefined, { ud_name: '张三' }, headers)).text).to.not.equal(first.text)
    expect(await addressesOf(user)).to.equal(before + 2)
    expect(await rows()).to.have.length(kept)
  })

  it('is done once in the passport envelope, though each try is signed anew', async () => {
    const app = await gateway.addApp({ scheme: 'hmac-sha256' })
    const send = (content: string, key: string) =>
      gateway.call(
        'open.message.send',
        { uids: String(user.uid), content },
        { app, verb: 'POST', headers: { 'Idempotency-Key': key } },
      )
    const key = freshKey()
    expect((await send('once', key)).text).to.equal(succeededWith('{"sent":1,"unknown":[]}'))
    expect((await send('once', key)).text).to.equal(succeededWith('{"sent":1,"unknown":[]}'))
    const again = await send('something else', key)
    expect(again.status).to.equal(422)
    expect(again.text).to.equal('{"code":409,"message":"此请求标识已用于其他请求"}')
    expect(await gateway.db('account_user_message').where({ user_id: user.uid })).to.have.length(1)
  })

  it('is refused where the key was that of another method or of other parameters', async () => {
    const headers = await bearer(user)
    const key = freshKey()
    await add(key, { ud_name: '张三' }, headers)
    const other = await add(key, { ud_name: '李四' }, headers)
    expect([other.status, other.text]).to.deep.equal([422, reused])
    const edit = await posting(gateway, 'user/edit')(key, {}, headers)
    expect(edit.text).to.equal(reused)
  })

  it('tells nobody what the key of another user or application was answered', async () => {
    const key = freshKey()
    const first = await add(key, { ud_name: '张三' }, await bearer(user))
    const second = await add(key, { ud_name: '张三' }, await bearer(other))
    expect(second.json).to.include({ code: 0 })
    expect(second.text).to.not.equal(first.text)
    expect(second.json?.data).to.include({ user_id: other.uid })

    const send = (app: TestApp, content: string) =>
      gateway.call(
        'open.message.send',
        { uids: String(other.uid), content },
        { app, verb: 'POST', headers: { 'Idempotency-Key': key } },
      )
    const [one, two] = [await gateway.addApp(), await gateway.addApp()]
    expect((await send(one, 'of one')).json).to.include({ code: 200 })
    // Nor that it was used: with other parameters it would be refused.
    expect((await send(two, 'of two')).json).to.include({ code: 200 })
    expect(await gateway.db('account_user_message').where({ user_id: other.uid })).to.have.length(2)
  })

  it('has a key of 8 to 64 safe characters, or nothing is done', async () => {
    const [headers, before] = [await bearer(user), await addressesOf(user)]
    const wrong = [
      '',
      '1234567',
      'k'.repeat(65),
      'a key of words',
      '"12345678',
      '12345678"',
      "12345678';--",
      'schlüssel-1',
    ]
    for (const key of wrong) {
      const answer = await add(Buffer.from(key).toString('latin1'), { ud_name: '张三' }, headers)
      expect(answer.text, key).to.equal(
        paramRefusal('Idempotency-Key: 8 to 64 letters, digits, \\"_\\", \\".\\", \\":\\" or \\"-\\"'),
      )
    }
    expect(await addressesOf(user)).to.equal(before)
    for (const key of ['8e03978e-40d5-43e8-bc93-6894a57f9324', 'k'.repeat(64), 'a.b:c_d-'])
      expect((await add(key, {}, headers)).json).to.include({ code: 0 })
  })

  it('keeps nothing of a method that changes nothing', async () => {
    const kept = (await rows()).length
    const headers = { 'Idempotency-Key': freshKey() }
    const answer = await gateway.call('open.account.get', { uid: String(user.uid) }, { headers })
    expect(answer.json).to.include({ code: 200 })
    expect(await rows()).to.have.length(kept)
  })

  it('is not kept of a long answer that changed nothing', async () => {
    await saveSetting(gateway.db, 'reg_protocols_description', 'agreed '.repeat(3000))
    const kept = (await rows()).length
    const headers = { ...(await bearer(user)), 'Idempotency-Key': freshKey() }
    const read = () => gateway.request('/front/account/login/protocol', { headers })
    const first = await read()
    expect(first.text).to.have.length.above(16_384)
    expect((await read()).text).to.equal(first.text)
    expect(await rows()).to.have.length(kept)
  })

  it('is refused where the answer is a picture', async () => {
    const headers = { 'Idempotency-Key': freshKey() }
    const answer = await gateway.request('/front/sys/captcha/index?verify_key=12345678', { headers })
    expect(answer.text).to.equal(paramRefusal('Idempotency-Key: not for this method'))
  })

  it('is forgotten after 24 hours, and its row is deleted', async () => {
    const key = freshKey()
    const first = await add(key, { ud_name: '张三' }, await bearer(user))
    gateway.clock.advance(day - 60_000)
    expect((await add(key, { ud_name: '张三' }, await bearer(user))).text).to.equal(first.text)
    gateway.clock.advance(61_000)
    const next = await add(key, { ud_name: '李四' }, await bearer(user))
    expect(next.json).to.include({ code: 0 })
    gateway.clock.advance(day + 1000)
    await keepHouse(gateway.services)
    expect(await rows()).to.have.length(0)
  })
})

withGateway('what a call with an Idempotency-Key leaves', { TRUST_PROXY: '127.0.0.1' }, (gateway) => {
  const client = createAccountClient(gateway)
  const logIn = posting(gateway, 'login/login')

  it('is sealed, and only whoever sent the same from the same address is given the token again', async () => {
    const user = await gateway.addUser({ mobile: '13900000001' })
    const fields = { user_account: '13900000001', password: user.password }
    const [key, from] = [freshKey(), { 'X-Real-IP': '198.51.100.7' }]
    const first = await logIn(key, fields, from)
    const { token } = dataOf<{ token: string }>(first.json)
    expect((await logIn(key, fields, from)).text).to.equal(first.text)

    const [row] = await gateway.db('idempotent_call').select()
    const stored = JSON.stringify(row)
    for (const secret of [token, user.password, key, '13900000001']) expect(stored).to.not.contain(secret)

    const elsewhere = await logIn(key, fields, { 'X-Real-IP': '203.0.113.9' })
    expect(dataOf<{ token: string }>(elsewhere.json).token).to.not.equal(token)
    const guessed = await logIn(key, { ...fields, password: 'wrong password' }, from)
    expect(guessed.text).to.equal(reused)
    expect(await gateway.db('user_session').where({ user_id: user.uid })).to.have.length(2)
  })

  it('is nothing where nothing was done: a wrong parameter is mended with the same key', async () => {
    const key = freshKey()
    const call = (params: Record<string, string>) =>
      gateway.call('web.passport.sendcode', params, { headers: { 'Idempotency-Key': key } })
    expect((await call({ area: '86' })).json).to.include({ code: 401 })
    const unknown = { mobile: '13900000002', uid: '999999999' }
    expect((await call(unknown)).json).to.include({ code: 10001 })
    expect((await call({ mobile: '13900000002' })).json).to.include({ code: 200 })
    expect(await gateway.sentTo('+8613900000002')).to.have.length(1)
    expect((await call({ mobile: '13900000002' })).json).to.include({ code: 200 })
    expect(await gateway.sentTo('+8613900000002')).to.have.length(1)
  })

  it('is a refusal where that changed something: a wrong code is one wrong try', async () => {
    const code = await client.receiveCode('13900000003')
    const wrong = String((Number(code) + 1) % 10_000).padStart(4, '0')
    const check = (given: string, key: string) =>
      gateway.call(
        'web.passport.checkcode',
        { mobile: '13900000003', code: given },
        { headers: { 'Idempotency-Key': key } },
      )
    const key = freshKey()
    const first = await check(wrong, key)
    expect(first.text).to.equal('{"code":404,"message":"验证错误！"}')
    for (let at = 0; at < 5; at++) expect((await check(wrong, key)).text).to.equal(first.text)
    const codes = await gateway.db('sent_code').where('address', 'like', '%13900000003')
    expect(codes.map(({ wrong_tries }) => wrong_tries)).to.deep.equal([1])

    const right = freshKey()
    expect((await check(code, right)).json).to.include({ code: 200 })
    // The code is used up, and the answer is not.
    expect((await check(code, right)).json).to.include({ code: 200 })
    expect((await check(code, freshKey())).json).to.include({ code: 404 })
  })
})

withGateway('work that is broken off', (gateway) => {
  const headers = prepared(before, async () => {
    const user = await gateway.addUser()
    return { Authorization: `Bearer ${await user.startSession()}` }
  })
  const edit = posting(gateway, 'user/edit')
  let works = 0

  /** Lets a method of the gateway do this. */
  function replaceWork(work: (services: Services) => Promise<void>): void {
    const method = gateway.gateway.table.byName.get('front.account.user.edit') as Changeable
    method.handle = (_, services) => {
      works += 1
      return work(services)
    }
  }

  /** A write, as any. */
  const write = (services: Services, action: string): Promise<void> =>
    transaction(services, ({ db, clock }) =>
      insertAuditEntries(db, [auditEntry({ clock }, { action, session: undefined, ip: '' }, {})]),
    )
  const writes = async (action: string): Promise<number> =>
    (await gateway.db('audit_entry').where({ action })).length
  beforeEach(() => {
    works = 0
  })

  it('before anything was written is done by the next try', async () => {
    const key = freshKey()
    const failures = [new Error('a crash'), new GatewayError('UNAVAILABLE', { retryAfter: 2 })]
    for (const failure of failures) {
      replaceWork(() => Promise.reject(failure))
      expect((await edit(key, {}, headers)).status).to.be.oneOf([500, 503])
    }
    replaceWork((services) => write(services, 'before'))
    expect((await edit(key, {}, headers)).text).to.equal(done)
    expect((await edit(key, {}, headers)).text).to.equal(done)
    expect(await writes('before')).to.equal(1)
  })

  it('after something was written is not done again, and the key says so', async () => {
    const key = freshKey()
    replaceWork(async (services) => {
      await write(services, 'after')
      throw new Error('a crash')
    })
    expect((await edit(key, {}, headers)).status).to.equal(500)
    for (let at = 0; at < 2; at++) {
      const answer = await edit(key, {}, headers)
      expect(answer.status).to.equal(409)
      expect(answer.text).to.equal(broken)
    }
    expect([works, await writes('after')]).to.deep.equal([1, 1])
  })

  it('by a vendor that did not take a message may be tried again', async () => {
    const key = freshKey()
    replaceWork(async (services) => {
      await write(services, 'send')
      throw new GatewayError('SEND_FAILED', { cause: new Error('refused') })
    })
    await edit(key, {}, headers)
    await edit(key, {}, headers)
    expect(works).to.equal(2)
  })

  it('without a word is refused for a minute, then done by another, and then only by that', async () => {
    const key = freshKey()
    let wake: () => void = () => {}
    const asleep = new Promise<void>((resolve) => (wake = resolve))
    const fellAsleep = new Promise<void>((resolve) =>
      replaceWork(async (services) => {
        resolve()
        await asleep
        await write(services, 'late')
      }),
    )
    const sleeper: Promise<HttpAnswer> = edit(key, {}, headers)
    await fellAsleep
    replaceWork((services) => write(services, 'late'))
    const second = await edit(key, {}, headers)
    expect([second.status, second.headers.get('retry-after')]).to.deep.equal([409, '1'])
    expect(second.text).to.equal(busy)
    gateway.clock.advance(60_001)
    const third = await edit(key, {}, headers)
    expect(third.text).to.equal(done)
    wake()
    expect((await sleeper).text).to.equal(busy)
    expect(await writes('late')).to.equal(1)
    expect((await edit(key, {}, headers)).text).to.equal(done)
  })

  it('is told in the passport envelope too', async () => {
    const app = await gateway.addApp()
    const method = gateway.gateway.table.byName.get('open.message.send') as Changeable
    method.handle = async (_, services) => {
      await write(services, 'passport')
      throw new Error('a crash')
    }
    const send = () =>
      gateway.call(
        'open.message.send',
        { uids: '1', content: 'text' },
        { app, headers: { 'Idempotency-Key': 'key-in-both-envelopes' } },
      )
    await send()
    const answer = await send()
    expect([answer.status, answer.text]).to.deep.equal([
      409,
      '{"code":409,"message":"上次请求中断，请先核对结果"}',
    ])
  })
})

// An application of the passport gateway is told by number and text alone.
withGateway('a key that is none', (gateway) => {
  it('is a wrong parameter in the passport envelope', async () => {
    const answer = await gateway.call(
      'web.passport.sendcode',
      { mobile: '13900000001' },
      { headers: { 'Idempotency-Key': 'short' } },
    )
    expect([answer.status, answer.text]).to.deep.equal([200, paramError])
  })
})

withGateway(
  'an Idempotency-Key of a stranger',
  { LIMIT_IP_SCALE: '1', TRUST_PROXY: '127.0.0.1' },
  (gateway) => {
    const read = (ip: string) => {
      const headers = { 'Idempotency-Key': freshKey(), 'X-Real-IP': ip }
      return gateway.request('/front/account/login/protocol', { headers })
    }

    it('is one of sixty a minute, as each leaves a row for a day', async () => {
      for (let used = 0; used < 60; used++) expect((await read('198.51.100.7')).json).to.include({ code: 0 })
      const refused = await read('198.51.100.7')
      expect([refused.status, refused.json?.['error']]).to.deep.equal([429, 'TOO_MANY_REQUESTS'])
      expect(refused.headers.get('retry-after')).to.match(/^\d+$/)
      expect((await read('203.0.113.9')).json).to.include({ code: 0 })
      expect(await gateway.db('idempotent_call').select()).to.have.length(61)
    })
  },
)
