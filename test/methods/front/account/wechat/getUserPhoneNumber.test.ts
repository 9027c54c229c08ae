import { expect } from 'chai'
import { findAddressOwner } from '../../../../../db/address-owners.js'
import { loginRequired, mobileTaken, refusal, signedInAs, wechatCodeEmpty } from '../../../../answers.js'
import { onEachDatabase } from '../../../../servers/databases.js'
import { isAlive } from '../account-client.js'
import { signedIn, wechatShop } from './wechat-shop.js'

onEachDatabase('front.account.wechat.getUserPhoneNumber', (database) => {
  const shop = wechatShop(database)
  const enter = async (person = shop.wechat.addPerson()) => {
    const answer = await shop.ask('jsCode2Session', { code: shop.wechat.codeFor(person, 'mini') })
    return { person, ...signedIn(answer) }
  }
  const ownerOf = async (value: string) => (await findAddressOwner(shop.gateway.db, 'mobile', value))?.user_id

  it("makes the number that WeChat knows the user's own", async () => {
    const { person, token, user_id } = await enter()
    const answer = await shop.ask('getUserPhoneNumber', { code: shop.wechat.phoneCodeFor(person) }, token)
    const fresh = signedIn(answer)
    expect(answer.text).to.equal(signedInAs(fresh.token, user_id))
    expect(await ownerOf(`+86${person.phone.number}`)).to.equal(user_id)
    expect(await isAlive(shop.gateway, token)).to.equal(true)
    const { json } = await shop.get('user/info', {}, fresh.token)
    expect(json?.data).to.include({ user_mobile: person.phone.number, user_intl: '+86' })
  })

  it('binds a number abroad', async () => {
    const phone = { area: '44', number: '7400123456' }
    const { person, token, user_id } = await enter(shop.wechat.addPerson({ phone }))
    signedIn(await shop.ask('getUserPhoneNumber', { code: shop.wechat.phoneCodeFor(person) }, token))
    expect(await ownerOf('+447400123456')).to.equal(user_id)
  })

  it("refuses a number that is another user's, and one that is no mobile number", async () => {
    const phone = { area: '86', number: '13712345678' }
    await shop.gateway.addUser({ mobile: phone.number })
    const { person, token } = await enter(shop.wechat.addPerson({ phone }))
    const ask = async (code: string, by = token) => (await shop.ask('getUserPhoneNumber', { code }, by)).text
    expect(await ask(shop.wechat.phoneCodeFor(person))).to.equal(mobileTaken)
    const landline = await enter(shop.wechat.addPerson({ phone: { area: '86', number: '02112345678' } }))
    expect(await ask(shop.wechat.phoneCodeFor(landline.person), landline.token)).to.equal(
      refusal(0, '绑定手机号失败', 'WECHAT_BIND_FAILED'),
    )
  })

  it('refuses an empty code, a used or foreign one, and who is not signed in', async () => {
    const { person, token } = await enter()
    const ask = async (code: string) => (await shop.ask('getUserPhoneNumber', { code }, token)).text
    const failed = refusal(0, '获取手机号失败', 'WECHAT_PHONE_FAILED')
    expect(await ask('')).to.equal(wechatCodeEmpty)
    const code = shop.wechat.phoneCodeFor(person)
    await ask(code)
    expect(await ask(code)).to.equal(failed)
    expect(await ask(shop.wechat.codeFor(person, 'mini'))).to.equal(failed)
    expect((await shop.ask('getUserPhoneNumber', { code: 'x' })).text).to.equal(loginRequired)
  })
})
