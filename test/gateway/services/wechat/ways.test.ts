import { expect } from 'chai'
import type { MiniProgram } from '../../../../gateway/services/wechat/wechat.js'
import { miniOf, officialOf, webOf } from '../../../../gateway/services/wechat/ways.js'
import { startGateway } from '../../../harness.js'
import { wechatApps } from '../../../servers/wechat/wechat.js'
import { detailOf } from './failures.js'
import { prepared } from '../../../suite.js'
import { withWechat } from '../../../wechat-suite.js'

const hour = 3600_000

withWechat('the ways of WeChat', (gateway, wechat, database) => {
  const other = prepared(before, () => startGateway(database, wechat.settings()))
  afterEach(() => (wechat.mood = 'well'))
  after(async () => {
    await other.close()
  })

  const official = () => officialOf(gateway.services.wechat)
  const mini = () => miniOf(gateway.services.wechat)
  const web = () => webOf(gateway.services.wechat)
  /** Makes as many calls at the same time, by turns on the two nodes. */
  const onBoth = <T>(count: number, call: (program: MiniProgram) => Promise<T>): Promise<T[]> => {
    const nodes = [gateway, other].map(({ services }) => miniOf(services.wechat))
    return Promise.all(Array.from({ length: count / 2 }, () => nodes.map(call)).flat())
  }
  /** As time goes by for both nodes and WeChat. */
  const pass = (milliseconds: number): void => {
    gateway.clock.advance(milliseconds)
    other.clock.advance(milliseconds)
  }

  it('send visitors to the pages on which WeChat asks them', () => {
    const request = { redirectUri: 'https://id.example.com/back?a=1&b=2', state: 's-1' }
    const back = 'https%3A%2F%2Fid.example.com%2Fback%3Fa%3D1%26b%3D2'
    expect(official().authorizeUrl(request)).to.equal(
      `${wechat.url}/connect/oauth2/authorize?appid=${wechatApps.official.appId}&redirect_uri=${back}&response_type=code&scope=snsapi_userinfo&state=s-1#wechat_redirect`,
    )
    expect(web().qrConnectUrl(request)).to.equal(
      `${wechat.url}/connect/qrconnect?appid=${wechatApps.web.appId}&redirect_uri=${back}&response_type=code&scope=snsapi_login&state=s-1#wechat_redirect`,
    )
  })

  it('say who agreed, and know a code once', async () => {
    const person = wechat.addPerson({ nickname: '小红 🌸' })
    const { nickname, avatar, unionid } = person
    for (const way of ['official', 'web'] as const) {
      const code = wechat.codeFor(person, way)
      const client = way === 'official' ? official() : web()
      expect(await client.readProfile(code)).to.deep.equal({
        openid: person.openid[way],
        unionid,
        nickname,
        avatar,
      })
      expect(await detailOf(client.readProfile(code))).to.equal(`${way}: 40163`)
    }
  })

  it('know who agreed to nothing more by the openid', async () => {
    const person = wechat.addPerson()
    const code = wechat.codeFor(person, 'official', 'snsapi_base')
    expect(await official().readProfile(code)).to.deep.equal({
      openid: person.openid.official,
      nickname: '',
      avatar: '',
    })
  })

  it('show no picture that is no web address', async () => {
    const person = wechat.addPerson({ avatar: 'javascript:alert(1)', unionid: false })
    const profile = await official().readProfile(wechat.codeFor(person, 'official'))
    expect(profile).to.deep.equal({
      openid: person.openid.official,
      nickname: person.nickname,
      avatar: '',
    })
  })

  it('open the session of a mini program', async () => {
    const person = wechat.addPerson()
    const session = await mini().openSession(wechat.codeFor(person, 'mini'))
    expect(session).to.include({ openid: person.openid.mini, unionid: person.unionid })
    expect(Buffer.from(session.sessionKey, 'base64')).to.have.length(16)
  })

  it('read the number that a user has shown', async () => {
    for (const phone of [
      { area: '86', number: '13912345678' },
      { area: '852', number: '51234567' },
    ]) {
      const person = wechat.addPerson({ phone })
      expect(await mini().readPhone(wechat.phoneCodeFor(person))).to.deep.equal(phone)
    }
    expect(await detailOf(mini().readPhone('made-up'))).to.equal('mini: 40029')
  })

  it('replace a token that WeChat took back, and make the call once more', async () => {
    await mini().accessToken()
    const fetched = wechat.calls('/cgi-bin/stable_token')
    wechat.forgetTokens('mini')
    const person = wechat.addPerson()
    expect(await mini().readPhone(wechat.phoneCodeFor(person))).to.deep.equal(person.phone)
    expect(wechat.calls('/cgi-bin/stable_token')).to.equal(fetched + 1)
    for (const errcode of [40001, 40014, 42001]) {
      wechat.refuse('/wxa/business/getuserphonenumber', errcode)
      expect(await mini().readPhone(wechat.phoneCodeFor(person)), String(errcode)).to.deep.equal(person.phone)
    }
    wechat.refuse('/wxa/business/getuserphonenumber', 40001, 2)
    expect(await detailOf(mini().readPhone(wechat.phoneCodeFor(person)))).to.equal('mini: 40001')
  })

  it('ask for one token when 50 calls on two nodes find that it has run out', async () => {
    pass(3 * hour)
    const fetched = wechat.calls('/cgi-bin/stable_token')
    const tokens = await onBoth(50, (program) => program.accessToken())
    expect(new Set(tokens).size).to.equal(1)
    expect(wechat.calls('/cgi-bin/stable_token')).to.equal(fetched + 1)
  })

  it('ask for one token when WeChat refuses 50 calls on two nodes', async () => {
    await onBoth(2, (program) => program.accessToken())
    const fetched = wechat.calls('/cgi-bin/stable_token')
    wechat.forgetTokens('mini')
    const person = wechat.addPerson()
    const phones = await onBoth(50, (program) => program.readPhone(wechat.phoneCodeFor(person)))
    for (const phone of phones) expect(phone).to.deep.equal(person.phone)
    expect(wechat.calls('/cgi-bin/stable_token')).to.equal(fetched + 1)
  })

  it('ask WeChat on demand which token it is, once for all who ask at once', async () => {
    for (const isReplaced of [false, true]) {
      pass(60_000)
      const before = await mini().accessToken()
      if (isReplaced) wechat.askElsewhere('mini', 'by force')
      const fetched = wechat.calls('/cgi-bin/stable_token')
      const fresh = await onBoth(20, (program) => program.accessToken({ fresh: true }))
      expect(new Set(fresh).size).to.equal(1)
      expect(fresh[0] === before).to.equal(!isReplaced)
      expect(wechat.calls('/cgi-bin/stable_token')).to.equal(fetched + 1)
    }
  })

  it('keep their token while other servers ask for tokens too, in either way', async () => {
    pass(3 * hour)
    const person = wechat.addPerson()
    const token = await mini().accessToken()
    const fetched = wechat.calls('/cgi-bin/stable_token')
    wechat.askElsewhere('mini', 'token')
    expect(wechat.askElsewhere('mini', 'stable_token')).to.equal(token)
    pass(10 * 60_000)
    wechat.askElsewhere('mini', 'token')
    expect(await mini().readPhone(wechat.phoneCodeFor(person))).to.deep.equal(person.phone)
    expect(wechat.calls('/cgi-bin/stable_token')).to.equal(fetched)
  })

  it('take the token that another server had WeChat replace by force', async () => {
    const person = wechat.addPerson()
    const old = await mini().accessToken()
    const forced = wechat.askElsewhere('mini', 'by force')
    expect(forced).not.to.equal(old)
    expect(await mini().readPhone(wechat.phoneCodeFor(person))).to.deep.equal(person.phone)
    expect(await mini().accessToken()).to.equal(forced)
  })

  it('have a token that works at any time, though WeChat gives another only in the last five minutes', async () => {
    const person = wechat.addPerson()
    const seen = new Set<string>()
    for (let passed = 0; passed < 4 * hour; passed += 60_000, pass(60_000)) {
      seen.add(await mini().accessToken())
      if (passed % (10 * 60_000) === 0)
        expect(await mini().readPhone(wechat.phoneCodeFor(person))).to.deep.equal(person.phone)
    }
    expect(seen.size).to.be.within(2, 4)
  })

  it('share the ticket that pages are signed with, and get it in spite of a token taken back', async () => {
    pass(3 * hour)
    await official().jsapiTicket()
    pass(3 * hour)
    wechat.forgetTokens('official')
    const ticket = await official().jsapiTicket()
    expect(await officialOf(other.services.wechat).jsapiTicket()).to.equal(ticket)
    expect(wechat.calls('/cgi-bin/ticket/getticket')).to.be.within(2, 3)
  })

  it('sign users in while WeChat gives no tokens, and the other way round', async () => {
    const person = wechat.addPerson()
    pass(3 * hour)
    wechat.refuse('/cgi-bin/stable_token', -1, 6)
    for (let n = 0; n < 3; n++, pass(10_000))
      expect(await detailOf(mini().accessToken())).to.equal('mini: -1')
    expect((await gateway.request('/metrics')).text).to.include('gateway_wechat_resting{way="mini"} 1')
    expect(await mini().openSession(wechat.codeFor(person, 'mini'))).to.include({
      openid: person.openid.mini,
    })
    pass(30_000)
    expect(await mini().readPhone(wechat.phoneCodeFor(person))).to.deep.equal(person.phone)
    wechat.refuse('/sns/jscode2session', -1, 6)
    for (let n = 0; n < 3; n++) expect(await detailOf(mini().openSession('c'))).to.equal('mini: -1')
    expect(await detailOf(mini().openSession('c'))).to.equal('mini: left alone for a while')
    expect(await mini().readPhone(wechat.phoneCodeFor(person))).to.deep.equal(person.phone)
    pass(30_000)
    await mini().openSession(wechat.codeFor(person, 'mini'))
  })

  it('hold what the message callback is checked with', () => {
    const { tokens, aesKeys } = official().messages ?? expect.fail('there is no message callback')
    expect(tokens).to.deep.equal([wechatApps.official.token])
    expect(aesKeys.map(({ length }) => length)).to.deep.equal([32])
  })

  it('refuse what is not configured', async () => {
    for (const [wayOf, text] of [
      [officialOf, '公众号功能未启用'],
      [miniOf, '小程序功能未启用'],
      [webOf, '微信扫码登录功能未启用'],
    ] as const)
      expect(() => wayOf({}))
        .to.throw()
        .that.includes({ key: 'WECHAT_OFF', detail: text })
  })

  it('leave nothing of WeChat in log and database that could be used', async () => {
    const person = wechat.addPerson()
    const code = wechat.codeFor(person, 'mini')
    await mini().openSession(code)
    await detailOf(mini().openSession(code))
    const token = await mini().accessToken()
    const rows = JSON.stringify(await gateway.services.db('wechat_token'))
    const log = gateway.logLines.join('')
    expect(log).to.include('mini: 40163')
    for (const secret of [token, code, wechatApps.mini.secret, wechat.url, person.openid.mini])
      expect(log).not.to.include(secret)
    expect(rows).not.to.include(token)
  })

  it('show in the metrics that WeChat is left alone, for each way by itself', async () => {
    const shown = async () =>
      (await gateway.request('/metrics')).text
        .split('\n')
        .filter((line) => line.startsWith('gateway_wechat_resting'))
    expect(await shown()).to.deep.equal([
      'gateway_wechat_resting{way="official"} 0',
      'gateway_wechat_resting{way="mini"} 0',
      'gateway_wechat_resting{way="web"} 0',
    ])
    wechat.mood = 'bad gateway'
    for (let n = 0; n < 3; n++) expect(await detailOf(mini().openSession('c'))).to.equal('mini: HTTP 502')
    expect(await shown()).to.include('gateway_wechat_resting{way="mini"} 1')
    expect(await shown()).to.include('gateway_wechat_resting{way="web"} 0')
    wechat.mood = 'well'
    expect(await detailOf(mini().openSession('c'))).to.equal('mini: left alone for a while')
    pass(30_000)
    expect(await detailOf(mini().openSession('c'))).to.equal('mini: 40029')
    expect(await shown()).to.include('gateway_wechat_resting{way="mini"} 0')
  })
})
