import { expect } from 'chai'
import { beginState, browserCookie } from '../../../../../methods/rules/wechat/states.js'
import { refusal, wechatUserLocked } from '../../../../answers.js'
import type { HttpAnswer } from '../../../../fetch-answer.js'
import { duringGateway } from '../../../../harness.js'
import { wechatApps, type WechatPerson } from '../../../../servers/wechat/wechat.js'
import { createAccountClient, isAlive } from '../account-client.js'
import { withWechat } from '../../../../wechat-suite.js'

const failed = refusal(0, '扫码登录失败!', 'WECHAT_SCAN_FAILED')

withWechat('front.account.wechat.callbackPc', (gateway, wechat, database) => {
  let person: WechatPerson
  const client = createAccountClient(gateway)
  beforeEach(() => {
    person = wechat.addPerson({ nickname: `扫码的人${Math.random()}` })
  })

  const newState = async () => {
    const link = String((await client.get('wechat/getQrCode')).json?.data)
    return new URL(link).searchParams.get('state') ?? ''
  }
  const callBack = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    gateway.request(`/front/account/wechat/callbackPc?${new URLSearchParams(fields).toString()}`, { headers })
  const scan = async () => callBack({ code: wechat.codeFor(person, 'web'), state: await newState() })
  const tokenIn = ({ headers }: HttpAnswer) => {
    const [, token = ''] =
      /^https:\/\/pc\.example\.com\/#\/login\/login\?ukey=(.+)$/.exec(headers.get('location') ?? '') ?? []
    return decodeURIComponent(token)
  }
  const infoOf = async (token: string) => {
    const { json } = await client.get('user/info', {}, token)
    return json?.data as Record<string, unknown>
  }

  it('registers who scans for the first time, and sends the browser to the PC site with a token', async () => {
    const answer = await scan()
    expect(answer.status).to.equal(302)
    expect(answer.text).to.equal('')
    expect(answer.headers.get('cache-control')).to.equal('no-store')
    expect(answer.headers.get('referrer-policy')).to.equal('no-referrer')
    const token = tokenIn(answer)
    expect(await isAlive(gateway, token)).to.equal(true)
    const info = await infoOf(token)
    expect(info).to.include({ user_nickname: person.nickname, user_avatar: person.avatar })
    const binding = await gateway.db('account_user_bind_connect').where({ user_id: Number(info['user_id']) })
    expect(binding).to.have.length(1)
    expect(binding[0]).to.include({
      bind_type: 14,
      bind_id: person.openid.web,
      bind_openid: person.openid.web,
      bind_unionid: person.unionid,
    })
  })

  it('signs the same person in again, as the same user', async () => {
    const first = await infoOf(tokenIn(await scan()))
    const second = await infoOf(tokenIn(await scan()))
    expect(second['user_id']).to.equal(first['user_id'])
  })

  it('knows whom another application of the merchant’s has brought, by the unionid', async () => {
    const union = wechat.addPerson({ unionid: person.unionid ?? '' })
    const first = await infoOf(tokenIn(await scan()))
    person = union
    expect((await infoOf(tokenIn(await scan())))['user_id']).to.equal(first['user_id'])
  })

  it('refuses a state that is missing, made up, used, too old or of another application', async () => {
    const code = wechat.codeFor(person, 'web')
    const used = await newState()
    await callBack({ code: wechat.codeFor(person, 'web'), state: used })
    const old = await newState()
    gateway.clock.advance(10 * 60_000 + 1000)
    const { services } = gateway
    const foreign = await beginState(services, { appId: wechatApps.official.appId })
    const calls = wechat.calls('/sns/oauth2/access_token')
    for (const state of [
      undefined,
      '',
      'state',
      `pgws${'0'.repeat(48)}`,
      used,
      old,
      foreign,
      'x'.repeat(200),
    ]) {
      const answer = await callBack(state === undefined ? { code } : { code, state })
      expect(answer.text, state).to.equal(failed)
      expect(answer.status).to.equal(200)
    }
    expect(wechat.calls('/sns/oauth2/access_token'), 'calls of WeChat').to.equal(calls)
  })

  it('is one sign-in for one state, however many come back with it at once', async () => {
    const state = await newState()
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => callBack({ code: wechat.codeFor(person, 'web'), state })),
    )
    expect(answers.filter(({ status }) => status === 302)).to.have.length(1)
    expect(answers.filter(({ text }) => text === failed)).to.have.length(9)
  })

  it('refuses a code that WeChat does not take, and tells nothing of WeChat’s own words', async () => {
    const code = wechat.codeFor(person, 'web')
    expect((await callBack({ code, state: await newState() })).status).to.equal(302)
    for (const refused of [code, 'made-up', wechat.codeFor(person, 'official')])
      expect((await callBack({ code: refused, state: await newState() })).text).to.equal(failed)
  })

  it('needs a code, without which the state stays good', async () => {
    const state = await newState()
    expect((await callBack({ state })).text).to.equal(failed)
    expect((await callBack({ code: wechat.codeFor(person, 'web'), state })).status).to.equal(302)
  })

  it('lets nobody in who is locked', async () => {
    const { user_id } = await infoOf(tokenIn(await scan()))
    await gateway
      .db('account_user_info')
      .where({ user_id: Number(user_id) })
      .update({ user_state: 0 })
    const answer = await scan()
    expect(answer.text).to.equal(wechatUserLocked)
    expect(answer.status).to.equal(200)
  })

  it('takes a state that a page of ours began from that page’s browser only, and returns there', async () => {
    const begun = { appId: wechatApps.web.appId, browser: 'b'.repeat(48) }
    const returnTo = 'https://www.example.com/after?a=1'
    const state = await beginState(gateway.services, { ...begun, returnTo })
    const code = wechat.codeFor(person, 'web')
    expect((await callBack({ code, state })).text).to.equal(failed)
    const foreign = { Cookie: `${browserCookie}=${'c'.repeat(48)}` }
    expect((await callBack({ code, state }, foreign)).text).to.equal(failed)
    const { status, headers } = await callBack(
      { code, state },
      { Cookie: `${browserCookie}=${begun.browser}` },
    )
    expect(status).to.equal(302)
    expect(headers.get('location')).to.match(
      /^https:\/\/www\.example\.com\/after\?a=1#token=[\w.%-]+&user_id=\d+$/,
    )
  })

  it('leads to the hosted page that says why, when a sign-in begun there fails', async () => {
    const browser = 'd'.repeat(48)
    const begun = { appId: wechatApps.web.appId, browser, returnTo: 'https://www.example.com/' }
    const state = await beginState(gateway.services, begun)
    const { status, headers } = await callBack(
      { code: 'made-up', state },
      { Cookie: `${browserCookie}=${browser}` },
    )
    expect(status).to.equal(302)
    expect(headers.get('location')).to.equal(
      'http://passport.test/login/wechat/failed?error=WECHAT_SCAN_FAILED',
    )
  })

  it('says so when scanning is not configured', async () => {
    await duringGateway(database, wechat.settings(['official', 'mini']), async (without) => {
      const { text } = await without.request('/front/account/wechat/callbackPc?code=1&state=2')
      expect(text).to.equal(refusal(0, '微信扫码登录功能未启用', 'WECHAT_OFF'))
    })
  })
})
