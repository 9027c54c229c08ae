import { expect } from 'chai'
import { wechatOff } from '../../../../answers.js'
import type { HttpAnswer } from '../../../../fetch-answer.js'
import { startGateway } from '../../../../harness.js'
import { onEachDatabase } from '../../../../servers/databases.js'
import { startWechat, wechatApps } from '../../../../servers/wechat/wechat.js'
import { wechatShop } from './wechat-shop.js'

onEachDatabase('front.account.wechat.redirectToWxCode', (database) => {
  const shop = wechatShop(database)
  const locationOf = ({ headers }: HttpAnswer) => headers.get('location') ?? ''
  const stateOf = (answer: HttpAnswer) => new URL(locationOf(answer)).searchParams.get('state') ?? ''

  it("sends the browser to WeChat's page, byte for byte, and names it by a cookie", async () => {
    const answer = await shop.ask('redirectToWxCode')
    expect([answer.status, answer.text]).to.deep.equal([302, ''])
    expect(locationOf(answer)).to.equal(
      `${shop.wechat.url}/connect/oauth2/authorize?appid=${wechatApps.official.appId}` +
        '&redirect_uri=http%3A%2F%2Fpassport.test%2Ffront%2Faccount%2Fwechat%2FcallbackMp' +
        `&response_type=code&scope=snsapi_userinfo&state=${stateOf(answer)}#wechat_redirect`,
    )
    expect(stateOf(answer)).to.match(/^pgws[0-9a-f]{48}$/)
    expect(answer.headers.get('set-cookie')).to.match(
      /^wechat_browser=[0-9a-f]{48}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/,
    )
    expect(answer.headers.get('cache-control')).to.equal('no-store')
    const rows = JSON.stringify(await shop.gateway.db('wechat_state').select())
    expect(rows).not.to.include(stateOf(answer))
  })

  it('is the same as a method of /gateway', async () => {
    const answer = await shop.gateway.request('/gateway?method=front.account.wechat.redirectToWxCode')
    expect(answer.status).to.equal(302)
    expect(locationOf(answer)).to.include('/connect/oauth2/authorize?')
  })

  it("goes on with the browser's cookie, and gives a new one for what is none of ours", async () => {
    const headers = (cookie: string) => ({ headers: { Cookie: `wechat_browser=${cookie}` } })
    const path = '/front/account/wechat/redirectToWxCode'
    const own = 'a1'.repeat(24)
    const kept = (await shop.gateway.request(path, headers(own))).headers.get('set-cookie')
    expect(kept).to.match(new RegExp(`^wechat_browser=${own};`))
    const renewed = (await shop.gateway.request(path, headers('x;y'))).headers.get('set-cookie')
    expect(renewed).to.match(/^wechat_browser=[0-9a-f]{48};/)
  })

  it('carries activity_id to the callback, and whatever it holds leads nowhere else', async () => {
    for (const activity_id of ['1001', '?x=1&y#z', '//evil.example', 'https://evil.example/', '\r\nX: 1']) {
      const answer = await shop.ask('redirectToWxCode', {
        activity_id,
        redirect_uri: 'https://evil.example/',
        return: 'https://evil.example/',
      })
      expect(new URL(locationOf(answer)).origin).to.equal(shop.wechat.url)
      const back = new URL(new URL(locationOf(answer)).searchParams.get('redirect_uri') ?? '')
      expect(back.origin + back.pathname).to.equal('http://passport.test/front/account/wechat/callbackMp')
      expect([...back.searchParams]).to.deep.equal([['activity_id', activity_id]])
      expect(back.hash).to.equal('')
      expect(answer.headers.get('x')).to.equal(null)
    }
    const tooLong = await shop.ask('redirectToWxCode', { activity_id: 'x'.repeat(256) })
    expect([tooLong.status, tooLong.json?.error]).to.deep.equal([200, 'PARAM_ERROR'])
  })

  it('leads who scanned the ticket of no page to one that says so', async () => {
    const answer = await shop.ask('redirectToWxCode', { ticket: '0'.repeat(48) })
    expect(locationOf(answer)).to.equal('http://passport.test/login/wechat/failed?error=WECHAT_STATE')
  })
})

onEachDatabase(
  'front.account.wechat.redirectToWxCode behind https and without an official account',
  (database) => {
    it('says that the cookie is for https only, and that the way is off', async () => {
      const wechat = await startWechat()
      const others = Object.fromEntries(
        Object.entries(wechat.settings()).filter(([name]) => !name.startsWith('WECHAT_MP_')),
      )
      const secure = { PUBLIC_URL: 'https://passport.example.com' }
      const path = '/front/account/wechat/redirectToWxCode'
      const whole = await startGateway(database, { ...wechat.settings(), ...secure })
      expect((await whole.request(path)).headers.get('set-cookie')).to.match(/; SameSite=Lax; Secure$/)
      await whole.close()
      const without = await startGateway(database, { ...others, ...secure })
      const { status, text } = await without.request(path)
      expect([status, text]).to.deep.equal([200, wechatOff])
      await without.close()
      await wechat.stop()
    })
  },
)
