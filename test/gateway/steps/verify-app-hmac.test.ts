import { expect } from 'chai'
import { deleteExpiredRows } from '../../../db/expired-rows.js'
import { signHmac, signLegacy } from '../../../gateway/wire/signature.js'
import { signatureInvalid } from '../../answers.js'
import type { HttpAnswer } from '../../fetch-answer.js'
import { signParameters, startGateway, type TestApp } from '../../harness.js'
import { prepared, withGateway } from '../../suite.js'

/** A user that does not exist: who gets to hear that has passed all that stands before the handler. */
const nobody = { method: 'web.passport.getUserHabits', uid: '987654321' }
const now = Date.UTC(2026, 0, 1)
const seconds = now / 1000

const passes = (answer: HttpAnswer) => expect(answer.json?.code, answer.text).to.equal(10010)
const fails = (answer: HttpAnswer) =>
  expect([answer.status, answer.text]).to.deep.equal([200, signatureInvalid])

withGateway('the scheme hmac-sha256', (gateway, database) => {
  const app = prepared(before, () => gateway.addApp({ scheme: 'hmac-sha256' }))
  beforeEach(() => gateway.clock.freeze(now))

  const sign = (params: Record<string, string> = {}, by = app) =>
    new URLSearchParams(signParameters(by, { ...nobody, ...params }, gateway.clock.now())).toString()
  const get = (query: string, on = gateway) => on.request(`/gateway?${query}`)
  const signed = (params?: Record<string, string>, by?: TestApp) => get(sign(params, by))

  it('admits a call with a time stamp, a new nonce and a signature over all parameters', async () => {
    passes(await signed({ empty: '', spaced: ' a b ', name: '张三', plus: 'a+b' }))
    passes(await signed({ app_key: app.name, client_type: 'web' }))
    const body = new URLSearchParams(sign())
    passes(await gateway.request('/gateway', { method: 'POST', body }))
  })

  it('takes a clock that is off by 300 seconds and no more, either way', async () => {
    for (const off of [-300, 300]) passes(await signed({ timestamp: String(seconds + off) }))
    for (const off of [-301, 301]) fails(await signed({ timestamp: String(seconds + off) }))
  })

  it('refuses time stamps that are no Unix seconds', async () => {
    for (const timestamp of ['', 'now', `${seconds}.5`, `${seconds}000`, ` ${seconds}`, `+${seconds}`, '1e9'])
      fails(await signed({ timestamp }))
  })

  it('takes nonces of 8 to 64 characters', async () => {
    for (const length of [8, 64]) passes(await signed({ nonce: 'n'.repeat(length) }))
    for (const length of [0, 7, 65]) fails(await signed({ nonce: 'n'.repeat(length) }))
    fails(await signed({ nonce: 'with a space' }))
  })

  it('takes a nonce once for an application, and upper and lower case are two', async () => {
    const nonce = 'once-and-once-only'
    passes(await signed({ nonce }))
    fails(await signed({ nonce }))
    passes(await signed({ nonce: nonce.toUpperCase() }))
    passes(await signed({ nonce }, await gateway.addApp({ scheme: 'hmac-sha256' })))
  })

  it('remembers a nonce for 600 seconds, so for as long as its time stamp is good', async () => {
    const nonce = 'remembered'
    const timestamp = String(seconds + 300)
    passes(await signed({ nonce, timestamp }))
    gateway.clock.advance(600_000)
    await deleteExpiredRows(gateway.db, gateway.clock.now())
    fails(await signed({ nonce, timestamp }))
    gateway.clock.advance(1)
    await deleteExpiredRows(gateway.db, gateway.clock.now())
    passes(await signed({ nonce }))
  })

  it('does not use up the nonce of a call whose signature is wrong', async () => {
    const nonce = 'not-used-up'
    fails(await signed({ nonce }, { ...app, secret: 'f'.repeat(32) }))
    passes(await signed({ nonce }))
  })

  it('answers one of many parallel calls with the same nonce, over two gateways on one database', async () => {
    const other = await startGateway(database)
    other.clock.freeze(now)
    const query = sign()
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, at) => get(query, at % 2 === 0 ? gateway : other)),
    )
    const passed = answers.filter(({ json }) => json?.code === 10010)
    expect(passed).to.have.length(1)
    for (const answer of answers) if (!passed.includes(answer)) fails(answer)
    await other.close()
  })

  it('never takes an MD5 signature of such an application', async () => {
    const params = { ...nobody, client_type: app.name }
    const md5 = (all: Record<string, string>) =>
      get(new URLSearchParams({ ...all, client_secret: signLegacy(all, app.secret) }).toString())
    fails(await md5(params))
    const fresh = { timestamp: String(seconds), nonce: 'with-an-md5-signature' }
    fails(await md5({ ...params, ...fresh, sign_method: 'md5' }))
    fails(await md5({ ...params, ...fresh, sign_method: 'hmac-sha256' }))
  })

  it('wants to be named, and takes no HMAC of an application of the legacy scheme', async () => {
    fails(await signed({ sign_method: '' }))
    fails(await signed({ sign_method: 'HMAC-SHA256' }))
    fails(await signed({}, { ...gateway.web, scheme: 'hmac-sha256' }))
  })

  it('refuses text that no UTF-8 can carry like any other wrong signature', async () => {
    const all = { ...signParameters(app, nobody, now), client_secret: 'x'.repeat(64) }
    const body = JSON.stringify(all).replace('}', String.raw`,"lone":"\ud800"}`)
    const headers = { 'Content-Type': 'application/json' }
    fails(await gateway.request('/gateway', { method: 'POST', headers, body }))
  })

  it('signs the dotted name of the method on REST paths too', async () => {
    const path = '/front/account/user/listBaseUserLevel'
    const method = 'front.account.user.listBaseUserLevel'
    const { method: _, ...all } = signParameters(app, { method }, now)
    const right = await gateway.request(`${path}?${new URLSearchParams(all).toString()}`)
    expect(right.json).to.include({ status: 200, code: 0 })

    const unsigned: Record<string, string> = { ...all, nonce: 'without-the-method' }
    delete unsigned['client_secret']
    const without = { ...unsigned, client_secret: signHmac(unsigned, app.secret) }
    const wrong = await gateway.request(`${path}?${new URLSearchParams(without).toString()}`)
    expect(wrong.json).to.include({ status: 250, code: 403, error: 'SIGNATURE_INVALID' })
  })
})
