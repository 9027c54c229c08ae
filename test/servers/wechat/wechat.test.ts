import { createDecipheriv } from 'node:crypto'
import { expect } from 'chai'
import { fetchAnswer } from '../../fetch-answer.js'
import { createMovableClock } from '../../harness.js'
import { startWechat, type Wechat, wechatApps, type WechatPerson } from './wechat.js'

const { official, mini, web } = wechatApps

describe('the stand-in for WeChat', () => {
  const clock = createMovableClock()
  let wechat: Wechat
  let person: WechatPerson
  before(async () => {
    clock.freeze(Date.now())
    wechat = await startWechat(() => clock.now())
    person = wechat.addPerson({ nickname: '小红🌸', phone: { area: '86', number: '13912345678' } })
  })
  after(() => wechat.stop())

  const get = async (path: string, params: Record<string, string>) => {
    const answer = await fetchAnswer(`${wechat.url}${path}?${new URLSearchParams(params).toString()}`)
    expect(answer.status).to.equal(200)
    expect(answer.headers.get('content-type')).to.equal('text/plain')
    return answer.json ?? {}
  }
  const trade = (code: string, { appId, secret }: { appId: string; secret: string } = official) =>
    get('/sns/oauth2/access_token', { appid: appId, secret, code, grant_type: 'authorization_code' })
  const login = (code: string) =>
    get('/sns/jscode2session', {
      appid: mini.appId,
      secret: mini.secret,
      js_code: code,
      grant_type: 'authorization_code',
    })
  const fetchToken = async ({ appId, secret }: { appId: string; secret: string } = official) => {
    const params = { grant_type: 'client_credential', appid: appId, secret }
    return String((await get('/cgi-bin/token', params))['access_token'])
  }
  const ticket = (access_token: string) => get('/cgi-bin/ticket/getticket', { access_token, type: 'jsapi' })

  it('trades a code once for a token that tells who agreed', async () => {
    const code = wechat.codeFor(person, 'official')
    const token = await trade(code)
    expect(token).to.include({ openid: person.openid.official, unionid: person.unionid, expires_in: 7200 })
    const { access_token, openid } = token as Record<string, string>
    const shown = await get('/sns/userinfo', { access_token: access_token ?? '', openid: openid ?? '' })
    expect(shown).to.include({ nickname: '小红🌸', headimgurl: person.avatar, unionid: person.unionid })
    expect((await trade(code))['errcode']).to.equal(40163)
  })

  it('refuses unknown and old codes, those of another application, and wrong secrets', async () => {
    expect((await trade('made-up'))['errcode']).to.equal(40029)
    expect((await trade(wechat.codeFor(person, 'official'), web))['errcode']).to.equal(40029)
    expect((await trade('', { ...official, secret: 'wrong' }))['errcode']).to.equal(40125)
    expect((await trade('', { ...official, appId: 'wx0' }))['errcode']).to.equal(40013)
    const code = wechat.codeFor(person, 'official')
    clock.advance(5 * 60_000)
    expect((await trade(code))['errcode']).to.equal(42003)
  })

  it('opens mini program sessions, under whose key it encrypts data', async () => {
    const { session_key, openid } = (await login(wechat.codeFor(person, 'mini'))) as Record<string, string>
    expect(openid).to.equal(person.openid.mini)
    const { encryptedData, iv } = wechat.userDataOf(person)
    const key = Buffer.from(session_key ?? '', 'base64')
    const decipher = createDecipheriv('aes-128-cbc', key, Buffer.from(iv, 'base64'))
    const text = decipher.update(encryptedData, 'base64', 'utf8') + decipher.final('utf8')
    expect(JSON.parse(text)).to.deep.include({ openId: openid, unionId: person.unionid })
    expect(JSON.parse(text).watermark.appid).to.equal(mini.appId)
  })

  it('takes a token for two hours, and five minutes more once there is a newer one', async () => {
    const old = await fetchToken()
    const { ticket: first } = await ticket(old)
    const newer = await fetchToken()
    clock.advance(5 * 60_000 - 1)
    expect(await ticket(old)).to.include({ errcode: 0, ticket: first })
    clock.advance(1)
    expect((await ticket(old))['errcode']).to.equal(40001)
    clock.advance(2 * 3_600_000)
    expect((await ticket(newer))['errcode']).to.equal(42001)
    expect(wechat.calls('/cgi-bin/token')).to.equal(2)
  })

  it('gives the same stable token until its last five minutes, or another by force', async () => {
    const ask = async (force_refresh = false) => {
      const body = { grant_type: 'client_credential', appid: mini.appId, secret: mini.secret, force_refresh }
      const init = { method: 'POST', body: JSON.stringify(body) }
      return (await fetchAnswer(`${wechat.url}/cgi-bin/stable_token`, init)).json ?? {}
    }
    const token = (await ask())['access_token']
    clock.advance(60_000)
    await fetchToken(mini)
    expect(await ask()).to.include({ access_token: token, expires_in: 7140 })
    clock.advance(114 * 60_000)
    const next = (await ask())['access_token']
    expect(next).to.be.a('string').not.equal(token)
    const forced = (await ask(true))['access_token']
    expect(forced).not.to.equal(next)
    expect((await ask(true))['access_token']).to.equal(forced)
    expect((await get('/cgi-bin/stable_token', {}))['errcode']).to.equal(43002)
  })

  it('tells a phone number to the mini program’s own token', async () => {
    const ask = async (token: string, code: string) => {
      const url = `${wechat.url}/wxa/business/getuserphonenumber?access_token=${token}`
      return (await fetchAnswer(url, { method: 'POST', body: JSON.stringify({ code }) })).json ?? {}
    }
    const token = await fetchToken(mini)
    expect(await ask(token, wechat.phoneCodeFor(person))).to.deep.nested.include({
      errcode: 0,
      'phone_info.purePhoneNumber': '13912345678',
      'phone_info.countryCode': '86',
    })
    expect((await ask(await fetchToken(), wechat.phoneCodeFor(person)))['errcode']).to.equal(40001)
    wechat.forgetTokens('mini')
    expect((await ask(token, wechat.phoneCodeFor(person)))['errcode']).to.equal(40001)
  })

  it('leads back from its pages with a code and the state, only for links as documented', async () => {
    const link = (changes: Record<string, string> = {}, path = '/connect/oauth2/authorize') => {
      const params = {
        appid: official.appId,
        redirect_uri: 'https://shop.example.com/back?a=1',
        response_type: 'code',
        scope: 'snsapi_userinfo',
        state: 'abc123',
        ...changes,
      }
      return `${wechat.url}${path}?${new URLSearchParams(params).toString()}`
    }
    wechat.person = person
    const back = await wechat.agree(link())
    expect(back.origin + back.pathname).to.equal('https://shop.example.com/back')
    expect(back.searchParams.get('a')).to.equal('1')
    expect(back.searchParams.get('state')).to.equal('abc123')
    expect((await trade(back.searchParams.get('code') ?? ''))['openid']).to.equal(person.openid.official)
    const scan = { appid: web.appId, scope: 'snsapi_login' }
    expect((await wechat.agree(link(scan, '/connect/qrconnect'))).searchParams.get('code')).to.match(/./)
    const shown = async (changes: Record<string, string>) => (await fetchAnswer(link(changes))).text
    expect(await shown({ appid: web.appId })).to.include('AppID 参数错误')
    expect(await shown({ scope: 'snsapi_login' })).to.include('Scope 参数错误')
    expect(await shown({ state: 'a-b' })).to.include('state 参数错误')
    wechat.returnHost = 'elsewhere.example.com'
    expect(await shown({})).to.include('redirect_uri 参数错误')
    wechat.returnHost = undefined
  })

  it('is busy or at its limit when told to, and answers again afterwards', async () => {
    wechat.refuse('/cgi-bin/token', -1)
    wechat.refuse('/sns/jscode2session', 45011, 2)
    expect(await fetchToken()).to.equal('undefined')
    expect(await fetchToken()).to.have.length.above(50)
    for (const expected of [45011, 45011, undefined])
      expect((await login(wechat.codeFor(person, 'mini')))['errcode']).to.equal(expected)
  })
})
