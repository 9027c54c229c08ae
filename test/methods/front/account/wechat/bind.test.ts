import { expect } from 'chai'
import { done, refusal } from '../../../../answers.js'
import { onEachDatabase } from '../../../../servers/databases.js'
import type { WechatPerson, WechatWay } from '../../../../servers/wechat/wechat.js'
import { signedIn, wechatShop } from './wechat-shop.js'

const taken = refusal(0, '该微信已绑定其他用户', 'WECHAT_TAKEN')

onEachDatabase('front.account.wechat.bind', (database) => {
  const shop = wechatShop(database)
  const db = () => shop.gateway.db
  const bind = (token: string, person: WechatPerson, way: WechatWay) =>
    shop.post('wechat/bind', { way, code: shop.wechat.codeFor(person, way) }, token)
  const signInBy = (person: WechatPerson) =>
    shop.ask('callbackMp', { code: shop.wechat.codeFor(person, 'official') })

  it('lets a user sign in with WeChat, by each way, and tells the user', async () => {
    const user = await shop.gateway.addUser({ mobile: '13700000001' })
    const token = await user.startSession()
    const person = shop.wechat.addPerson()
    for (const way of ['official', 'web', 'mini'] as const)
      expect((await bind(token, person, way)).text, way).to.equal(done)
    expect(signedIn(await signInBy(person)).user_id).to.equal(user.uid)
    expect(await shop.bindingsOf(user.uid)).to.deep.equal([
      [13, person.openid.official],
      [14, person.openid.web],
      [15, person.openid.mini],
    ])
    const told = (await shop.gateway.sentTo('+8613700000001')).filter(({ text }) => text.includes('微信'))
    expect(told).to.have.length(3)
    const audit = await db()('audit_entry').where({ action: 'front.account.wechat.bind', actor_id: user.uid })
    expect(audit.map(({ outcome, detail }) => `${outcome} ${detail}`)).to.have.members([
      'ok official',
      'ok web',
      'ok mini',
    ])
  })

  it('changes nothing, and tells nobody, when it is bound already', async () => {
    const user = await shop.gateway.addUser({ mobile: '13700000002' })
    const token = await user.startSession()
    const person = shop.wechat.addPerson()
    for (let time = 0; time < 2; time++) expect((await bind(token, person, 'mini')).text).to.equal(done)
    expect(await shop.bindingsOf(user.uid)).to.have.length(1)
    expect(await shop.gateway.sentTo('+8613700000002')).to.have.length(1)
  })

  it("refuses another user's, known by its openid or its unionid", async () => {
    const person = shop.wechat.addPerson()
    const owner = signedIn(await signInBy(person))
    const token = await (await shop.gateway.addUser()).startSession()
    expect((await bind(token, person, 'official')).text).to.equal(taken)
    expect((await bind(token, person, 'web')).text).to.equal(taken)
    expect(signedIn(await signInBy(person)).user_id).to.equal(owner.user_id)
    expect(await shop.bindingsOf(owner.user_id)).to.have.length(1)
  })

  it('gives one identity that twenty users bind at once to one of them', async () => {
    const person = shop.wechat.addPerson()
    const users = await Promise.all(Array.from({ length: 20 }, () => shop.gateway.addUser()))
    const tokens = await Promise.all(users.map((user) => user.startSession()))
    const answers = await Promise.all(tokens.map((token) => bind(token, person, 'web')))
    const texts = answers.map(({ text }) => text)
    expect(texts.filter((text) => text === done)).to.have.length(1)
    expect(texts.filter((text) => text === taken)).to.have.length(19)
  })

  it('refuses GET, another way, a missing code, and who is not signed in', async () => {
    const token = await (await shop.gateway.addUser()).startSession()
    expect((await shop.ask('bind', { way: 'web', code: 'x' }, token)).status).to.equal(405)
    const ask = async (fields: Record<string, string>, by?: string) =>
      (await shop.post('wechat/bind', fields, by)).json
    expect(await ask({ way: 'weibo', code: 'x' }, token)).to.include({ code: 300, error: 'PARAM_ERROR' })
    expect(await ask({ way: 'web' }, token)).to.include({ error: 'WECHAT_CODE_EMPTY' })
    expect(await ask({ way: 'web', code: 'made-up' }, token)).to.include({ error: 'WECHAT_FAILED' })
    expect(await ask({ way: 'web', code: 'x' })).to.include({ code: 401 })
  })
})
