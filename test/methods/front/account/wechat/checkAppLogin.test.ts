import { expect } from 'chai'
import { refusal, signedInAs, wechatCodeEmpty, wechatFailed } from '../../../../answers.js'
import { onEachDatabase } from '../../../../servers/databases.js'
import { signedIn, wechatShop } from './wechat-shop.js'

const unbound = refusal(0, '请先登录', 'WECHAT_NOT_BOUND')

onEachDatabase('front.account.wechat.checkAppLogin', (database) => {
  const shop = wechatShop(database)
  const db = () => shop.gateway.db

  it('signs in who is known by the mini program', async () => {
    const person = shop.wechat.addPerson()
    const first = signedIn(await shop.ask('jsCode2Session', { code: shop.wechat.codeFor(person, 'mini') }))
    const answer = await shop.ask('checkAppLogin', { code: shop.wechat.codeFor(person, 'mini') })
    const { token, user_id } = signedIn(answer)
    expect(user_id).to.equal(first.user_id)
    expect(answer.text).to.equal(signedInAs(token, user_id))
  })

  it('signs in who is known by the unionid, and binds the user to the program', async () => {
    const person = shop.wechat.addPerson()
    const first = signedIn(await shop.ask('callbackMp', { code: shop.wechat.codeFor(person, 'official') }))
    const { user_id } = signedIn(
      await shop.ask('checkAppLogin', { code: shop.wechat.codeFor(person, 'mini') }),
    )
    expect(user_id).to.equal(first.user_id)
    expect(await shop.bindingsOf(user_id)).to.deep.equal([
      [13, person.openid.official],
      [15, person.openid.mini],
    ])
  })

  it('refuses who is unknown, and stores nothing', async () => {
    const person = shop.wechat.addPerson()
    const { text } = await shop.ask('checkAppLogin', { code: shop.wechat.codeFor(person, 'mini') })
    expect(text).to.equal(unbound)
    const values = await db()('user_identity').pluck('value')
    expect(
      values.filter((value) => value.includes(person.openid.mini) || value === person.unionid),
    ).to.deep.equal([])
  })

  it('refuses an empty code, and one that WeChat does not know', async () => {
    expect((await shop.ask('checkAppLogin', { code: '' })).text).to.equal(wechatCodeEmpty)
    expect((await shop.ask('checkAppLogin', { code: 'made-up' })).text).to.equal(wechatFailed)
  })
})
