import { expect } from 'chai'
import {
  createPassportClient,
  type PassportClient,
  PassportError,
} from '../../../gateway/client/passport-client.js'
import { prepared, withGateway } from '../../suite.js'

/** Is never run: the compiler holds it against the contracts, and an expected error that is none is one. */
async function callsThatCompileOrNot(client: PassportClient): Promise<void> {
  const verification = await client.call('web.passport.getUserVerifyInfo', { uid: 1 })
  verification.mobile satisfies string
  // @ts-expect-error -- the result has no such field
  verification.nickname satisfies unknown
  // @ts-expect-error -- a text is no number
  await client.call('web.passport.getUserVerifyInfo', { uid: '1' })
  // @ts-expect-error -- uid is missing
  await client.call('web.passport.getUserVerifyInfo', {})
  // @ts-expect-error -- the parameters are missing
  await client.call('web.passport.getUserVerifyInfo')
  // @ts-expect-error -- a misspelt parameter
  await client.call('web.passport.sendcode', { mobile: '13900000001', aera: '86' })
  // @ts-expect-error -- no such method
  await client.call('web.passport.getUserVerifyInfos', { uid: 1 })
  // @ts-expect-error -- answers a picture
  await client.call('front.sys.captcha.index', { verify_key: '12345678' })
  // What has a default may be left out, and what orders a list need not be declared by each.
  const page = await client.call('front.account.userDeliveryAddress.list')
  page.items[0]?.ud_id satisfies number | undefined
  await client.call('front.account.userDeliveryAddress.list', { size: 20, 'order[0].sidx': 'ud_id' })
  // @ts-expect-error -- no such order
  await client.call('front.account.userDeliveryAddress.list', { 'order[0].by': 'ud_id' })
  await client.call('front.account.user.info', undefined, { session: 'token', idempotencyKey: 'key' })
  // @ts-expect-error -- no such option
  await client.call('front.account.user.info', {}, { idempotenceKey: 'key' })

  const [info, habits] = await client.batch([
    { method: 'front.account.user.info' },
    { method: 'web.passport.getUserHabits', params: { uid: 1 }, idempotencyKey: 'key' },
  ])
  if (info.ok) info.data.user_account satisfies string
  if (habits.ok) habits.data.uid satisfies number
  // @ts-expect-error -- only a call that succeeded has data
  info.data satisfies unknown
  // @ts-expect-error -- two calls have two answers
  const [, , third] = await client.batch([
    { method: 'front.account.user.info' },
    { method: 'front.account.user.info' },
  ])
  third satisfies undefined
  // @ts-expect-error -- a text is no number
  await client.batch([{ method: 'web.passport.getUserHabits', params: { uid: '1' } }])
  // @ts-expect-error -- the parameters are missing
  await client.batch([{ method: 'web.passport.getUserHabits' }])
  // @ts-expect-error -- a misspelt parameter
  await client.batch([{ method: 'web.passport.sendcode', params: { mobile: '13900000001', aera: '86' } }])
  // @ts-expect-error -- no batch in a batch
  await client.batch([{ method: 'batch', params: { calls: '[]' } }])
  // @ts-expect-error -- each call has its own
  await client.batch([{ method: 'front.account.user.info' }], { idempotencyKey: 'key' })
}

withGateway('the typed client', (gateway) => {
  const user = prepared(before, () => gateway.addUser({ nickname: '张三' }))
  const clientOf = async (scheme: 'legacy' | 'hmac-sha256') => {
    const { name, secret } = await gateway.addApp({ scheme })
    return createPassportClient({ baseUrl: gateway.url, app: name, secret, scheme })
  }

  it('is held against the contracts by the compiler', () => {
    expect(callsThatCompileOrNot).to.be.a('function')
  })

  for (const scheme of ['legacy', 'hmac-sha256'] as const)
    it(`does a call once that has a key, signed by ${scheme}`, async () => {
      const client = await clientOf(scheme)
      const params = { uids: String(user.uid), content: scheme }
      const options = { idempotencyKey: `key-of-${scheme}` }
      const first = await client.call('open.message.send', params, options)
      expect(await client.call('open.message.send', params, options)).to.deep.equal(first)
      const sent = await gateway
        .db('account_user_message')
        .where({ user_id: user.uid, message_content: scheme })
      expect(sent).to.have.length(1)
    })

  it('makes a batch of calls, of which each has its data or its error', async () => {
    const client = await clientOf('hmac-sha256')
    const session = await user.startSession()
    const calls = await client.batch(
      [
        { method: 'front.account.user.info' },
        { method: 'web.passport.getUserHabits', params: { uid: user.uid + 1 } },
        {
          method: 'open.message.send',
          params: { uids: String(user.uid), content: 'of a batch' },
          idempotencyKey: 'key-of-a-batched-call',
        },
      ],
      { session, headers: { 'X-Request-Id': 'batch-of-the-client' } },
    )
    const [info, habits, message] = calls
    expect(info.ok && info.data.user_id).to.equal(user.uid)
    expect(message).to.deep.equal({ ok: true, data: { sent: 1, unknown: [] } })
    const error = habits.ok ? undefined : habits.error
    expect(error).to.be.instanceOf(PassportError)
    expect(error).to.include({ code: 10010, requestId: 'batch-of-the-client.1' })
  })

  it('throws where the batch as a whole is refused, and sends none that can only be', async () => {
    const legacy = await clientOf('legacy')
    const calls = [{ method: 'front.account.user.info' }] as const
    const thrown = await legacy.batch(calls).catch((error: unknown) => error)
    expect(thrown).to.be.instanceOf(TypeError)
    const { name, secret } = await gateway.addApp({ scheme: 'hmac-sha256', grants: ['open.*'] })
    const ungranted = createPassportClient({ baseUrl: gateway.url, app: name, secret, scheme: 'hmac-sha256' })
    const refused = await ungranted.batch(calls).catch((error: unknown) => error)
    expect(refused).to.be.instanceOf(PassportError)
    expect(refused).to.include({ code: 500, message: '数据验证错误.' })
  })
})
