import { expect } from 'chai'
import { browserCookie } from '../../../../../methods/rules/wechat/states.js'
import { refusal } from '../../../../answers.js'
import { duringGateway } from '../../../../harness.js'
import { wechatApps } from '../../../../servers/wechat/wechat.js'
import { createAccountClient } from '../account-client.js'
import { withWechat } from '../../../../wechat-suite.js'

withWechat('front.account.wechat.getQrCode', (gateway, wechat, database) => {
  const client = createAccountClient(gateway)

  it('answers the address of WeChat’s page in msg and in data, each time with another state', async () => {
    const states = new Set<string | null>()
    for (let time = 0; time < 3; time++) {
      const { text, json } = await client.get('wechat/getQrCode')
      const link = String(json?.data)
      expect(text).to.equal(`{"status":200,"code":0,"msg":"${link}","data":"${link}","error":null}`)
      const { origin, pathname, searchParams } = new URL(link)
      expect(origin + pathname).to.equal(`${wechat.url}/connect/qrconnect`)
      expect(Object.fromEntries(searchParams)).to.include({
        appid: wechatApps.web.appId,
        redirect_uri: 'http://passport.test/front/account/wechat/callbackPc',
        response_type: 'code',
        scope: 'snsapi_login',
      })
      states.add(searchParams.get('state'))
    }
    expect(states.size).to.equal(3)
  })

  it('leads to a page that WeChat shows, from which one comes back with the state', async () => {
    wechat.person = wechat.addPerson()
    const link = String((await client.get('wechat/getQrCode')).json?.data)
    const back = await wechat.agree(link)
    expect(back.searchParams.get('state')).to.equal(new URL(link).searchParams.get('state'))
    expect(back.searchParams.get('code')).to.match(/^\w+$/)
  })

  it('is for the browser that asks where that has our cookie already, else for any', async () => {
    const path = '/front/account/wechat/'
    const own = { Cookie: `${browserCookie}=${'a'.repeat(48)}` }
    const cases: readonly [
      asks: Record<string, string>,
      returns: Record<string, string>,
      isTaken: boolean,
    ][] = [
      [own, {}, false],
      [own, { Cookie: `${browserCookie}=${'b'.repeat(48)}` }, false],
      [own, own, true],
      [{}, {}, true],
      [{ Cookie: `${browserCookie}=made-up` }, {}, true],
    ]
    for (const [asks, returns, isTaken] of cases) {
      const { json } = await gateway.request(`${path}getQrCode`, { headers: asks })
      const state = new URL(String(json?.data)).searchParams.get('state') ?? ''
      const code = wechat.codeFor(wechat.addPerson(), 'web')
      const query = new URLSearchParams({ code, state }).toString()
      const answer = await gateway.request(`${path}callbackPc?${query}`, { headers: returns })
      expect(answer.status === 302, JSON.stringify([asks, returns])).to.equal(isTaken)
    }
  })

  it('answers the same under the gateway’s envelope', async () => {
    const { json } = await gateway.call('front.account.wechat.getQrCode')
    expect(json).to.include({ code: 200, message: '操作成功' })
    expect(json?.data).to.match(/\/connect\/qrconnect\?/)
  })

  it('keeps no state, only what tells it again', async () => {
    const link = String((await client.get('wechat/getQrCode')).json?.data)
    const state = new URL(link).searchParams.get('state')
    const rows = await gateway.db('wechat_state').select()
    expect(JSON.stringify(rows)).not.to.include(state)
  })

  it('takes GET only, and says so when scanning is not configured', async () => {
    expect((await client.post('wechat/getQrCode')).status).to.equal(405)
    await duringGateway(database, wechat.settings(['official', 'mini']), async (without) => {
      const { text } = await without.request('/front/account/wechat/getQrCode')
      expect(text).to.equal(refusal(0, '微信扫码登录功能未启用', 'WECHAT_OFF'))
    })
  })
})
