import { expect } from 'chai'
import { paramError, signatureMissing, uidMissing, userNotExists } from '../../../answers.js'
import type { HttpAnswer } from '../../../fetch-answer.js'
import type { TestUser } from '../../../harness.js'
import { withGateway } from '../../../suite.js'

const method = 'open.passport.get'
const nobody = '{"code":200,"data":{"data":[],"result":"-1"},"message":"User info"}'

withGateway(method, (gateway) => {
  const get = async (uid: number | string, params: Record<string, string> = {}) =>
    gateway.call(method, { uid: String(uid), ...params })
  const cardOf = ({ text }: HttpAnswer): Record<string, unknown> => JSON.parse(text).data.data

  it('answers a new user with zeros, empty texts and the lowest level', async () => {
    const { uid } = await gateway.addUser({ nickname: '张三' })
    gateway.clock.freeze(1458378392_046)
    const { status, headers, text } = await get(uid)
    expect(status).to.equal(200)
    expect(headers.get('content-type')).to.equal('application/json;charset=UTF-8')
    expect(text).to.equal(
      '{"code":200,"data":{"data":{"YohocoinCount":0,"couponCount":0,"head_ico":"","messageCount":0,' +
        '"orderCount":0,"profile_name":"张三","random":1458378392.046,"refundCount":0,"token":"",' +
        `"uid":${uid},"vip":{"curTotalCost":"0.0","curVipInfo":{"commonDiscount":"1.0","curLevel":"0",` +
        '"needCost":"0.0","nextLevel":"1","premiumScops":[],"promotionDiscount":"1.0","title":"普通会员"},' +
        '"curYearCost":"0.0","curYearCostPer":"0","fitTime":"0","nextVipInfo":{"commonDiscount":"0.95",' +
        '"curLevel":"1","needCost":"600.0","nextLevel":"2","premiumScops":["1","4","10","8","9"],' +
        '"promotionDiscount":"0.95","title":"银卡会员"},"upgradeNeedCost":"600.0",' +
        '"upgradeNeedCostPer":"100","vipEndDay":"0","vipEndTime":"0","vipRemainDays":"0",' +
        '"vipStartTime":"0"}},"result":"1"},"message":"User info"}',
    )
    gateway.clock.freeze(Date.now())
  })

  it('answers a user who has no row but the account', async () => {
    const { uid } = await gateway.addUser()
    await gateway.db('account_user_info').where({ user_id: uid }).delete()
    expect(cardOf(await get(uid))).to.include({ uid, profile_name: '', head_ico: '' })
  })

  it('answers the picture and the counts that were set', async () => {
    const { uid } = await gateway.addUser()
    const user_avatar = 'https://img.example.com/1.jpg'
    await gateway.db('account_user_info').where({ user_id: uid }).update({ user_avatar })
    const counts = { couponCount: 1, orderCount: 2, refundCount: 3, YohocoinCount: 4 }
    const texts = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)]))
    await gateway.call('open.passport.setCounters', { uid: String(uid), ...texts })
    expect(cardOf(await get(uid))).to.include({ ...counts, head_ico: user_avatar })
  })

  it('counts the unread messages of the inbox', async () => {
    const { uid } = await gateway.addUser()
    const other = await gateway.addUser()
    const message = { user_id: uid, message_kind: 2, message_is_read: 0 }
    await gateway
      .db('account_user_message')
      .insert([
        message,
        message,
        { ...message, message_is_read: 1 },
        { ...message, message_kind: 1 },
        { ...message, user_id: other.uid },
      ])
    expect(cardOf(await get(uid))['messageCount']).to.equal(2)
  })

  it('masks a name only if it is a mobile number', async () => {
    const shown = {
      '18612359670': '18****59670',
      '12012345678': '12012345678',
      '186123596701': '186123596701',
      '1861235967': '1861235967',
      阿弥: '阿弥',
    }
    for (const [nickname, name] of Object.entries(shown)) {
      const { uid } = await gateway.addUser({ nickname })
      expect(cardOf(await get(uid))['profile_name']).to.equal(name)
    }
  })

  it('refuses a uid that is missing, empty, zero or not digits only, then an unknown one', async () => {
    expect((await gateway.call(method)).text, 'missing').to.equal(uidMissing)
    for (const uid of ['', '0', '00', 'abc', '-1', '1.0', ' 1', '9'.repeat(30)])
      expect((await get(uid)).text, uid).to.equal(uidMissing)
    for (const uid of ['99999999', '9007199254740991'])
      expect((await get(uid)).text, uid).to.equal(userNotExists)
  })

  it('shows a changed count at once', async () => {
    const { uid } = await gateway.addUser()
    for (const orderCount of [1, 2, 3]) {
      await gateway.call('open.passport.setCounters', { uid: String(uid), orderCount: String(orderCount) })
      expect(cardOf(await get(uid))['orderCount']).to.equal(orderCount)
    }
  })

  describe('as JSONP, for the visitor of a page', () => {
    const page = 'https://www.example.com/home'
    let user: TestUser
    let token: string
    before(async () => {
      user = await gateway.addUser({ nickname: '访客' })
      token = await user.startSession()
    })

    const visit = (params: Record<string, string>, headers: Record<string, string>) =>
      gateway.request(
        `/gateway?${String(new URLSearchParams({ method, return_type: 'jsonp', ...params }))}`,
        { headers },
      )
    const cookie = (uid: number | string, session: string, name = encodeURIComponent('访客')) =>
      `theme=dark; _UID=${name}::${uid}::x::${session}; a=b`
    const visitor = () => ({ Cookie: cookie(user.uid, token), Referer: page })

    it('answers the card of the user whose live session stands in the cookie', async () => {
      const { status, headers, text } = await visit({ callback: 'jQuery1.show_$' }, visitor())
      expect(status).to.equal(200)
      expect(headers.get('content-type')).to.equal('application/javascript')
      expect(headers.get('x-content-type-options')).to.equal('nosniff')
      expect(headers.get('cache-control')).to.equal('no-store')
      const script = /^jQuery1\.show_\$\((\{.*\})\)$/s.exec(text)?.[1] ?? ''
      const { code, data } = JSON.parse(script)
      expect(code).to.equal(200)
      expect(data).to.have.nested.property('data.uid', user.uid)
      expect(data).to.have.nested.property('data.profile_name', '访客')
      expect(data).to.have.property('result', '1')
    })

    it('takes a cookie that is escaped or quoted as a whole', async () => {
      const value = `访客::${user.uid}::1::${token}`
      for (const written of [
        encodeURIComponent(value),
        `"${encodeURIComponent('访客')}::${user.uid}::1::${token}"`,
      ]) {
        const { text } = await visit({ callback: 'show' }, { Cookie: `_UID=${written}`, Referer: page })
        expect(text).to.contain(`"uid":${user.uid},`)
      }
    })

    it('does not look at the uid of the page', async () => {
      const other = await gateway.addUser()
      const { text } = await visit({ callback: 'show', uid: String(other.uid) }, visitor())
      expect(text).to.contain(`"uid":${user.uid},`)
      const stranger = await visit({ callback: 'show', uid: String(other.uid) }, { Referer: page })
      expect(stranger.text).to.equal(`show(${nobody})`)
    })

    it('answers -1 and no data where nobody is signed in', async () => {
      const other = await gateway.addUser()
      const ended = await user.startSession()
      const { tokenId } = await gateway.services.sessions.verify(ended)
      await gateway.services.sessions.end(gateway.db, tokenId)
      gateway.services.sessions.forgetToken(tokenId)
      const cookies = [
        '',
        'a=b',
        `_UID=${user.uid}`,
        cookie(user.uid, ''),
        cookie(user.uid, 'forged'),
        cookie(user.uid, ended),
        cookie(other.uid, token),
        cookie('', token),
        cookie(`0${user.uid}`, token),
        cookie('abc', token),
        cookie(user.uid, token).replace('_UID', '_UIDS'),
        cookie(user.uid, token).replace('_UID', '_uid'),
        `_UID=%E0%A4::${user.uid}::%`,
      ]
      for (const Cookie of cookies) {
        const { status, headers, text } = await visit({ callback: 'show' }, { Cookie, Referer: page })
        expect(status).to.equal(200)
        expect(headers.get('content-type')).to.equal('application/javascript')
        expect(text, Cookie).to.equal(`show(${nobody})`)
      }
    })

    it('answers -1 on pages of other hosts, and where the page is not told', async () => {
      const { Cookie } = visitor()
      const pages = [
        'https://evil.example/',
        'https://evil.example/https://www.example.com/',
        'https://www.example.com.evil.example/',
        'https://www.example.com:8443/',
        'https://www.example.com@evil.example/',
        'www.example.com',
        '',
      ]
      for (const Referer of pages)
        expect((await visit({ callback: 'show' }, { Cookie, Referer })).text, Referer).to.equal(
          `show(${nobody})`,
        )
      expect((await visit({ callback: 'show' }, { Cookie })).text).to.equal(`show(${nobody})`)
    })

    it('knows its own pages as allowed', async () => {
      const { Cookie } = visitor()
      const { text } = await visit({ callback: 'show' }, { Cookie, Referer: 'http://passport.test/' })
      expect(text).to.contain(`"uid":${user.uid},`)
    })

    it('refuses, as JSON, every callback that is not 1 to 64 letters, digits, "_", "$" or "."', async () => {
      const refused = [
        '',
        'alert(1)//',
        'a b',
        'a-b',
        'a;b',
        '<script>',
        'é',
        'a\n',
        '回',
        'x'.repeat(65),
        'a[0]',
      ]
      for (const callback of refused) {
        const { status, headers, text } = await visit({ callback }, visitor())
        expect(status).to.equal(200)
        expect(headers.get('content-type'), callback).to.equal('application/json;charset=UTF-8')
        expect(text, callback).to.equal(paramError)
      }
      expect((await visit({}, visitor())).text, 'missing').to.equal(paramError)
      expect((await visit({ callback: 'x'.repeat(64) }, visitor())).text).to.match(/^x{64}\(/)
    })

    it('writes no line end that old browsers would stumble over', async () => {
      const odd = await gateway.addUser({ nickname: 'a\u2028b\u2029c' })
      const headers = { Cookie: cookie(odd.uid, await odd.startSession()), Referer: page }
      const { text } = await visit({ callback: 'show' }, headers)
      expect(text)
        .to.contain('"profile_name":"a\\u2028b\\u2029c"')
        .and.not.match(/[\u2028\u2029]/)
    })

    it('answers a signed call for the uid it names', async () => {
      const other = await gateway.addUser()
      const params = { uid: String(other.uid), return_type: 'jsonp', callback: 'show' }
      const { headers, text } = await gateway.call(method, params, { headers: visitor() })
      expect(headers.get('content-type')).to.equal('application/javascript')
      expect(text)
        .to.match(/^show\(\{"code":200,.*\}\)$/)
        .and.contain(`"uid":${other.uid},`)
      const unknown = await gateway.call(method, { ...params, uid: '99999999' })
      expect(unknown.text).to.equal('show({"code":10010,"message":"用户不存在"})')
    })

    it('wraps the refusal of a wrong signature', async () => {
      const { text } = await visit({ callback: 'show', client_type: 'web', client_secret: 'x' }, visitor())
      expect(text).to.equal('show({"code":500,"message":"数据验证错误."})')
    })

    it('needs a signature without return_type=jsonp', async () => {
      const path = `/gateway?method=${method}&callback=show&uid=${user.uid}`
      const { headers, text } = await gateway.request(path, { headers: visitor() })
      expect(headers.get('content-type')).to.equal('application/json;charset=UTF-8')
      expect(text).to.equal(signatureMissing)
    })

    it('is not JSONP on any other method', async () => {
      const params = { uid: String(user.uid), return_type: 'jsonp', callback: 'show' }
      const signed = await gateway.call('web.passport.getLikeBrand', params, { headers: visitor() })
      expect(signed.headers.get('content-type')).to.equal('application/json;charset=UTF-8')
      expect(signed.text).to.match(/^\{"code":200,/)
      const unsigned = await visit({ ...params, method: 'web.passport.getLikeBrand' }, visitor())
      expect(unsigned.text).to.equal(signatureMissing)
    })
  })
})
