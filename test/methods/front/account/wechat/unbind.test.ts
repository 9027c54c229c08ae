import { expect } from 'chai'
import { saveBinding } from '../../../../../db/bindings.js'
import { beginState } from '../../../../../methods/rules/wechat/states.js'
import { done, failed, refusal } from '../../../../answers.js'
import { onEachDatabase } from '../../../../servers/databases.js'
import { wechatApps, type WechatPerson, type WechatWay } from '../../../../servers/wechat/wechat.js'
import { isAlive } from '../account-client.js'
import { signedIn, wechatShop } from './wechat-shop.js'

const lastWay = refusal(0, '至少保留一种登录方式', 'LAST_WAY')

onEachDatabase('front.account.wechat.unbind', (database) => {
  const shop = wechatShop(database)
  const db = () => shop.gateway.db
  const signInBy = (person: WechatPerson) =>
    shop.ask('callbackMp', { code: shop.wechat.codeFor(person, 'official') })
  const bind = (token: string, person: WechatPerson, way: WechatWay) =>
    shop.post('wechat/bind', { way, code: shop.wechat.codeFor(person, way) }, token)
  const unbind = async (token: string, way: WechatWay) =>
    (await shop.post('wechat/unbind', { way }, token)).text

  it('takes a way from a user who has another, ends the user’s other sessions and tells the user', async () => {
    const user = await shop.gateway.addUser({ email: 'unbind@example.com' })
    const [token, other] = [await user.startSession(), await user.startSession()]
    const person = shop.wechat.addPerson()
    await bind(token, person, 'official')
    expect(await unbind(token, 'official')).to.equal(done)
    expect(await shop.bindingsOf(user.uid)).to.deep.equal([])
    expect(await db()('user_identity').where({ user_id: user.uid }).pluck('kind')).to.deep.equal(['email'])
    expect(await isAlive(shop.gateway, token)).to.equal(true)
    expect(await isAlive(shop.gateway, other)).to.equal(false)
    const told = (await shop.gateway.sentTo('unbind@example.com')).filter(({ text }) => text.includes('微信'))
    expect(told).to.have.length(2)
    expect(signedIn(await signInBy(person)).user_id).not.to.equal(user.uid)
  })

  it('refuses the last way in, which a number, a password or another WeChat is as well', async () => {
    const { token, user_id } = signedIn(await signInBy(shop.wechat.addPerson()))
    expect(await unbind(token, 'official')).to.equal(lastWay)
    const another = shop.wechat.addPerson()
    await bind(token, another, 'mini')
    expect(await unbind(token, 'official')).to.equal(done)
    expect(await unbind(token, 'mini')).to.equal(lastWay)
    expect(await shop.bindingsOf(user_id)).to.deep.equal([[15, another.openid.mini]])
    const code = shop.wechat.phoneCodeFor(another)
    signedIn(await shop.ask('getUserPhoneNumber', { code }, token))
    expect(await unbind(token, 'mini')).to.equal(done)
    expect(await shop.bindingsOf(user_id)).to.deep.equal([])
  })

  it('counts what nobody signs in by here as no way in', async () => {
    const owner = shop.wechat.addPerson()
    signedIn(await shop.ask('jsCode2Session', { code: shop.wechat.codeFor(owner, 'mini') }))
    const { token, user_id } = signedIn(await signInBy(shop.wechat.addPerson()))
    const addRow = (bind_type: number, bind_id: string) =>
      saveBinding(db(), { bind_type, bind_id, user_id, bind_time: 1 })
    await addRow(11, 'somebody of QQ')
    expect(await unbind(token, 'official')).to.equal(lastWay)
    // The user's row says so, but the identity is another's.
    await addRow(15, owner.openid.mini)
    expect(await unbind(token, 'official')).to.equal(lastWay)
    // What an old shop's row names is taken over at the next sign-in.
    const old = shop.wechat.addPerson({ unionid: false })
    await addRow(15, old.openid.mini)
    expect(await unbind(token, 'official')).to.equal(done)
    const code = shop.wechat.codeFor(old, 'mini')
    expect(signedIn(await shop.ask('jsCode2Session', { code })).user_id).to.equal(user_id)
  })

  it('leaves a unionid to who is still bound, whenever WeChat told it', async () => {
    const signInAgain = (_: string, person: WechatPerson) => signInBy(person)
    const bindMini = (token: string, person: WechatPerson) => bind(token, person, 'mini')
    for (const steps of [
      [signInAgain, bindMini],
      [bindMini, signInAgain],
    ]) {
      const early = shop.wechat.addPerson({ unionid: false })
      const { token, user_id } = signedIn(await signInBy(early))
      const person = shop.wechat.addPerson({ openid: early.openid })
      for (const step of steps) await step(token, person)
      expect(await unbind(token, 'mini')).to.equal(done)
      const state = await beginState(shop.gateway.services, { appId: wechatApps.web.appId })
      await shop.ask('callbackPc', { code: shop.wechat.codeFor(person, 'web'), state })
      expect(await shop.bindingsOf(user_id)).to.deep.equal([
        [13, person.openid.official],
        [14, person.openid.web],
      ])
    }
  })

  it('tells who has neither an address nor a number by a message', async () => {
    const { token, user_id } = signedIn(await signInBy(shop.wechat.addPerson()))
    await bind(token, shop.wechat.addPerson(), 'mini')
    const titles = await db()('account_user_message').where({ user_id }).pluck('message_title')
    expect(titles).to.include('微信绑定已更改 / WeChat binding changed')
  })

  it('keeps one of two ways that are taken at once, whatever runs in parallel', async () => {
    for (let time = 0; time < 5; time++) {
      const person = shop.wechat.addPerson()
      const { token, user_id } = signedIn(await signInBy(person))
      await bind(token, person, 'mini')
      const answers = await Promise.all([unbind(token, 'official'), unbind(token, 'mini')])
      expect(answers).to.have.members([done, lastWay])
      expect(await shop.bindingsOf(user_id)).to.have.length(1)
    }
  })

  it('says when there is nothing to take, and refuses who is not signed in', async () => {
    const token = await (await shop.gateway.addUser()).startSession()
    expect(await unbind(token, 'web')).to.equal(failed)
    expect((await shop.post('wechat/unbind', { way: 'web' })).json?.code).to.equal(401)
    expect((await shop.post('wechat/unbind', { way: '' }, token)).json?.code).to.equal(300)
  })
})
