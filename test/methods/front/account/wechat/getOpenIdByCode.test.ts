import { expect } from 'chai'
import { doneWith, wechatCodeEmpty, wechatFailed } from '../../../../answers.js'
import { duringGateway, type TestGateway } from '../../../../harness.js'
import { onEachDatabase } from '../../../../servers/databases.js'
import { wechatShop } from './wechat-shop.js'

onEachDatabase('front.account.wechat.getOpenIdByCode', (database) => {
  const shop = wechatShop(database)

  it('tells the openid of a code, signed in or not, and nothing else', async () => {
    const person = shop.wechat.addPerson()
    const tokens = [undefined, 'broken', await (await shop.gateway.addUser()).startSession()]
    for (const token of tokens) {
      const { text } = await shop.ask('getOpenIdByCode', { code: shop.wechat.codeFor(person, 'mini') }, token)
      expect(text).to.equal(doneWith(`{"openid":"${person.openid.mini}"}`))
    }
    expect(await shop.gateway.db('user_identity').where({ kind: 'wechat' })).to.deep.equal([])
  })

  it('takes the official account’s codes as well, and asks for nothing but the openid', async () => {
    const person = shop.wechat.addPerson()
    const openidOf = async (gateway: TestGateway) => {
      const code = shop.wechat.codeFor(person, 'official')
      const { json } = await gateway.request(`/front/account/wechat/getOpenIdByCode?code=${code}`)
      return json?.data
    }
    await duringGateway(database, shop.wechat.settings(['official']), async (officialOnly) => {
      for (const gateway of [shop.gateway, officialOnly])
        expect(await openidOf(gateway)).to.deep.equal({ openid: person.openid.official })
    })
    expect(shop.wechat.calls('/sns/userinfo')).to.equal(0)
  })

  it('refuses an empty code, and one that was used', async () => {
    expect((await shop.ask('getOpenIdByCode')).text).to.equal(wechatCodeEmpty)
    const code = shop.wechat.codeFor(shop.wechat.addPerson(), 'mini')
    await shop.ask('getOpenIdByCode', { code })
    expect((await shop.ask('getOpenIdByCode', { code })).text).to.equal(wechatFailed)
  })
})
