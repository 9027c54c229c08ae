import { expect } from 'chai'
import { saveBinding } from '../../../../../db/bindings.js'
import { updateState } from '../../../../../db/users.js'
import { beginState } from '../../../../../methods/rules/wechat/states.js'
import {
  refusal,
  registrationOff,
  signedInAs,
  wechatCodeEmpty,
  wechatFailed,
  wechatUserLocked,
} from '../../../../answers.js'
import { onEachDatabase } from '../../../../servers/databases.js'
import { wechatApps, type WechatPerson } from '../../../../servers/wechat/wechat.js'
import { signedIn, wechatShop } from './wechat-shop.js'

const lateState = refusal(0, '登录状态已失效，请重新登录', 'WECHAT_STATE')

onEachDatabase('front.account.wechat.callbackMp', (database) => {
  const shop = wechatShop(database)
  const db = () => shop.gateway.db
  const callBack = (code: string, fields: Record<string, string> = {}) =>
    shop.ask('callbackMp', { code, ...fields })
  const agree = (person: WechatPerson) => callBack(shop.wechat.codeFor(person, 'official'))
  const infoOf = async (token: string) =>
    (await shop.get('user/info', {}, token)).json?.data as Record<string, unknown>

  /** What a browser that goes to WeChat and back is sent with. */
  async function begin() {
    const answer = await shop.ask('redirectToWxCode')
    const location = answer.headers.get('location') ?? ''
    return {
      cookie: /^[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0] ?? '',
      state: new URL(location).searchParams.get('state') ?? '',
    }
  }
  const comeBack = (person: WechatPerson, state: string, cookie = '') => {
    const query = new URLSearchParams({ code: shop.wechat.codeFor(person, 'official'), state }).toString()
    return shop.gateway.request(`/front/account/wechat/callbackMp?${query}`, { headers: { Cookie: cookie } })
  }

  describe('when WeChat takes the code, and then shows no profile', () => {
    let people = 0
    const newPerson = () => shop.wechat.addPerson({ nickname: `第${++people}位` })
    const page = '<html>系统繁忙</html>'
    const failures: [string, () => void][] = [
      ['a page', () => shop.wechat.answerPage('/sns/userinfo', page, 2)],
      ['nothing', () => shop.wechat.answerPage('/sns/userinfo', '', 2)],
      ['that it is busy', () => shop.wechat.refuse('/sns/userinfo', -1, 2)],
      ['that the day’s calls are used up', () => shop.wechat.refuse('/sns/userinfo', 45009)],
    ]
    for (const [what, fail] of failures) {
      it(`but ${what}, signs in whom we know, by openid or unionid`, async () => {
        const person = newPerson()
        const { user_id } = signedIn(await agree(person))
        const other = shop.wechat.addPerson()
        const code = shop.wechat.codeFor(other, 'mini')
        const known = signedIn(await shop.ask('jsCode2Session', { code }))
        fail()
        const again = await agree(person)
        expect(signedIn(again).user_id).to.equal(user_id)
        expect(await infoOf(signedIn(again).token)).to.include({ user_nickname: person.nickname })
        fail()
        expect(signedIn(await agree(other)).user_id).to.equal(known.user_id)
      })

      it(`but ${what}, writes nothing of whom we don’t know, and registers the person the next time`, async () => {
        const person = newPerson()
        fail()
        expect((await agree(person)).text).to.equal(wechatFailed)
        for (const value of [`${wechatApps.official.appId}:${person.openid.official}`, person.unionid ?? ''])
          expect(await db()('user_identity').where({ value })).to.deep.equal([])
        const bound = { bind_openid: person.openid.official }
        expect(await db()('account_user_bind_connect').where(bound)).to.deep.equal([])
        const { token } = signedIn(await agree(person))
        expect(await infoOf(token)).to.include({ user_nickname: person.nickname })
      })
    }

    it('trades no code twice for an answer that is a page', async () => {
      const person = shop.wechat.addPerson()
      const before = shop.wechat.calls('/sns/oauth2/access_token')
      for (const html of [page, '']) {
        shop.wechat.answerPage('/sns/oauth2/access_token', html)
        expect((await agree(person)).text).to.equal(wechatFailed)
      }
      expect(shop.wechat.calls('/sns/oauth2/access_token')).to.equal(before + 2)
      signedIn(await agree(person))
    })
  })

  it('registers who agreed for the first time, with all rows', async () => {
    const person = shop.wechat.addPerson({ nickname: '小红🌸' })
    const answer = await agree(person)
    const { token, user_id } = signedIn(answer)
    expect(answer.status).to.equal(200)
    expect(answer.text).to.equal(signedInAs(token, user_id))
    expect(await infoOf(token)).to.include({ user_id, user_nickname: '小红🌸', user_avatar: person.avatar })
    const info = await db()('account_user_info').where({ user_id }).first()
    expect(info?.user_from).to.equal(2315)
    const bindings = await db()('account_user_bind_connect').where({ user_id })
    expect(bindings).to.have.length(1)
    expect(bindings[0]).to.include({
      bind_type: 13,
      bind_id: person.openid.official,
      bind_nickname: '小红🌸',
      bind_icon: person.avatar,
      bind_openid: person.openid.official,
      bind_unionid: person.unionid,
      bind_active: 1,
    })
    expect(await db()('account_user_login').where({ user_id })).to.have.length(1)
    expect(await db()('pay_user_points_history').where({ user_id })).to.have.length(1)
    expect(await db()('user_identity').where({ user_id }).orderBy('kind').pluck('value')).to.deep.equal([
      `${wechatApps.official.appId}:${person.openid.official}`,
      person.unionid,
    ])
  })

  it('signs the same person in again as the same user, in either envelope', async () => {
    const person = shop.wechat.addPerson({ unionid: false })
    const first = signedIn(await agree(person))
    expect(signedIn(await agree(person)).user_id).to.equal(first.user_id)
    const code = shop.wechat.codeFor(person, 'official')
    const { json } = await shop.gateway.request(
      `/gateway?method=front.account.wechat.callbackMp&code=${code}`,
    )
    expect(json?.code).to.equal(200)
    expect(json?.data).to.include({ user_id: first.user_id })
  })

  it('binds who is known by the unionid to the same user', async () => {
    const person = shop.wechat.addPerson()
    const mini = signedIn(await shop.ask('jsCode2Session', { code: shop.wechat.codeFor(person, 'mini') }))
    const official = signedIn(await agree(person))
    expect(official.user_id).to.equal(mini.user_id)
    expect(await shop.bindingsOf(mini.user_id)).to.deep.equal([
      [13, person.openid.official],
      [15, person.openid.mini],
    ])
  })

  it('leaves two users two who turn out to have one unionid, and notes it once', async () => {
    const early = shop.wechat.addPerson({ unionid: false })
    const first = signedIn(await agree(early))
    const other = signedIn(await agree(shop.wechat.addPerson({ unionid: 'oUnIoShared' })))
    const known = shop.wechat.addPerson({ unionid: 'oUnIoShared', openid: early.openid })
    for (let time = 0; time < 2; time++) expect(signedIn(await agree(known)).user_id).to.equal(first.user_id)
    const [conflict, ...more] = await db()('identity_conflict').where({ kind: 'wechat-union' })
    expect(more).to.deep.equal([])
    expect(conflict).to.include({ value: 'oUnIoShared', user_id: first.user_id, kept_user_id: other.user_id })
    const audit = await db()('audit_entry').where({ outcome: 'unionid of another user' })
    expect(audit.map(({ actor_id, target_id }) => [actor_id, target_id])).to.deep.equal([
      [first.user_id, other.user_id],
    ])
    expect(shop.gateway.logLines.filter((line) => line.includes('one unionid'))).to.have.length(1)
    expect(shop.gateway.logLines.join()).not.to.include('oUnIoShared')
  })

  it('stores of a profile only what users may write themselves, and no nickname twice', async () => {
    const profile = async (nickname: string, avatar?: string) => {
      const person = shop.wechat.addPerson({ nickname, ...(avatar === undefined ? {} : { avatar }) })
      const { user_id } = signedIn(await agree(person))
      const row = await db()('account_user_info').where({ user_id }).first()
      return [row?.user_nickname ?? '', row?.user_avatar ?? ''] as const
    }
    expect((await profile(' <b>小\u0007刚</b>\u2028 '))[0]).to.equal('b小刚/b')
    expect((await profile('长'.repeat(60)))[0]).to.equal('长'.repeat(50))
    expect((await profile('🐉'.repeat(60)))[0]).to.equal('🐉'.repeat(50))
    expect((await profile(''))[0]).to.match(/^用户[0-9a-f]{10}$/)
    await profile('微信用户')
    expect((await profile('微信用户'))[0]).to.match(/^微信用户_[0-9a-f]{6}$/)
    for (const avatar of [
      'http://a.example/1',
      'javascript:alert(1)',
      `https://a.example/${'x'.repeat(255)}`,
      '',
    ])
      expect((await profile('头像', avatar))[1], avatar).to.equal('')
  })

  it("refuses a code that is missing, used or wrong, and WeChat's failures, without a word of WeChat's", async () => {
    expect((await shop.ask('callbackMp')).text).to.equal(wechatCodeEmpty)
    expect((await callBack('')).text).to.equal(wechatCodeEmpty)
    expect((await callBack('made-up')).text).to.equal(wechatFailed)
    expect((await callBack('x'.repeat(513))).text).to.equal(wechatFailed)
    const code = shop.wechat.codeFor(shop.wechat.addPerson(), 'official')
    signedIn(await callBack(code))
    expect((await callBack(code)).text).to.equal(wechatFailed)
    const minis = shop.wechat.codeFor(shop.wechat.addPerson(), 'mini')
    expect((await callBack(minis)).text).to.equal(wechatFailed)
  })

  it('refuses a locked user, known by either id', async () => {
    const person = shop.wechat.addPerson()
    const { user_id } = signedIn(await agree(person))
    await updateState(db(), user_id, 0)
    expect((await agree(person)).text).to.equal(wechatUserLocked)
    const mini = { code: shop.wechat.codeFor(person, 'mini') }
    expect((await shop.ask('jsCode2Session', mini)).text).to.equal(wechatUserLocked)
  })

  it("takes a state of its own once, from the browser it was given to, and does not look at others' states", async () => {
    const person = shop.wechat.addPerson()
    const { state, cookie } = await begin()
    signedIn(await comeBack(person, state, cookie))
    expect((await comeBack(person, state, cookie)).text).to.equal(lateState)
    for (const foreign of ['', 'STATE', 'h5', 'pgws', 'x'.repeat(128)])
      signedIn(await comeBack(person, foreign))
  })

  it("refuses another browser's state, one made up, one of another application, and one too old", async () => {
    const person = shop.wechat.addPerson()
    const { services, clock } = shop.gateway
    const { state, cookie } = await begin()
    const stranger = await begin()
    expect((await comeBack(person, state, stranger.cookie)).text).to.equal(lateState)
    expect((await comeBack(person, state)).text).to.equal(lateState)
    expect((await comeBack(person, `pgws${'0'.repeat(48)}`, cookie)).text).to.equal(lateState)
    const web = await beginState(services, { appId: wechatApps.web.appId })
    expect((await comeBack(person, web, cookie)).text).to.equal(lateState)
    clock.advance(600_001)
    expect((await comeBack(person, state, cookie)).text).to.equal(lateState)
    // Nobody was asked for a name at WeChat.
    expect(await db()('account_user_bind_connect').where({ bind_id: person.openid.official })).to.deep.equal(
      [],
    )
  })

  it('gives a state that comes back thirty times at once to one of them', async () => {
    const { state, cookie } = await begin()
    const person = shop.wechat.addPerson()
    const answers = await Promise.all(Array.from({ length: 30 }, () => comeBack(person, state, cookie)))
    const outcomes = answers.map(({ json }) => json?.['status'])
    expect(outcomes.filter((status) => status === 200)).to.have.length(1)
    expect(outcomes.filter((status) => status === 250)).to.have.length(29)
  })

  it("honours an old shop's bindings, by openid and by unionid", async () => {
    const [byOpenid, byUnionid] = [await shop.gateway.addUser(), await shop.gateway.addUser()]
    const person = shop.wechat.addPerson()
    const sister = shop.wechat.addPerson()
    const old = { bind_time: 1, bind_active: 1 }
    await saveBinding(db(), { ...old, bind_type: 13, bind_id: person.openid.official, user_id: byOpenid.uid })
    const unionid = { bind_unionid: sister.unionid ?? '' }
    await saveBinding(db(), {
      ...old,
      ...unionid,
      bind_type: 14,
      bind_id: "the PC site's",
      user_id: byUnionid.uid,
    })
    expect(signedIn(await agree(person)).user_id).to.equal(byOpenid.uid)
    expect(signedIn(await agree(sister)).user_id).to.equal(byUnionid.uid)
    expect(await shop.bindingsOf(byOpenid.uid)).to.deep.equal([[13, person.openid.official]])
    expect(await shop.bindingsOf(byUnionid.uid)).to.have.length(2)
  })
})

onEachDatabase('front.account.wechat.callbackMp with registration off', (database) => {
  const shop = wechatShop(database, { REGISTRATION: 'off' })

  it('signs in who is known, and registers nobody', async () => {
    const person = shop.wechat.addPerson()
    const ask = () => shop.ask('callbackMp', { code: shop.wechat.codeFor(person, 'official') })
    expect((await ask()).text).to.equal(registrationOff)
    expect(await shop.gateway.db('user_identity').select()).to.deep.equal([])
    const user = await shop.gateway.addUser()
    const bound = { bind_type: 13, bind_id: person.openid.official, user_id: user.uid, bind_time: 1 }
    await saveBinding(shop.gateway.db, bound)
    expect(signedIn(await ask()).user_id).to.equal(user.uid)
  })
})
