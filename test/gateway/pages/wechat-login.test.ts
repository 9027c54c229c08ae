import { expect } from 'chai'
import { renderSVG } from 'uqr'
import type { HttpAnswer } from '../../fetch-answer.js'
import { startGateway, type TestGateway } from '../../harness.js'
import { isAlive } from '../../methods/front/account/account-client.js'
import { onEachDatabase } from '../../servers/databases.js'
import { startWechat, type Wechat, type WechatPerson } from '../../servers/wechat/wechat.js'

const returnTo = 'https://www.example.com/after?a=1'
const inWechat = 'Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50'

onEachDatabase('the page /login/wechat', (database) => {
  let wechat: Wechat
  let gateway: TestGateway
  before(async () => {
    wechat = await startWechat(() => gateway.clock.now())
    gateway = await startGateway(database, wechat.settings())
  })
  after(async () => {
    await gateway.close()
    await wechat.stop()
  })

  /** A browser as far as needed: it keeps one cookie and follows nothing by itself. */
  function openBrowser(agent = 'a desktop', language = 'zh') {
    let cookie = ''
    return {
      async visit(address: string, form?: Record<string, string>): Promise<HttpAnswer> {
        const { pathname, search } = new URL(address, 'http://passport.test')
        const headers = { Cookie: cookie, 'User-Agent': agent, 'Accept-Language': language }
        const body = form && { method: 'POST', body: new URLSearchParams(form) }
        const answer = await gateway.request(pathname + search, { headers, ...body })
        cookie = /^[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0] ?? cookie
        return answer
      },
    }
  }
  type Browser = ReturnType<typeof openBrowser>
  const locationOf = ({ headers }: HttpAnswer) => headers.get('location') ?? ''

  async function showCode(browser: Browser, to = returnTo) {
    const query = to === '' ? '' : `?return=${encodeURIComponent(to)}`
    const waiting = locationOf(await browser.visit(`/login/wechat${query}`))
    const ticket = waiting.split('ticket=')[1] ?? ''
    return { waiting, link: `http://passport.test/front/account/wechat/redirectToWxCode?ticket=${ticket}` }
  }
  /** Scans a code, lets WeChat name the person, and gives the address of the question that is asked then. */
  async function scan(phone: Browser, link: string, person: WechatPerson): Promise<string> {
    wechat.person = person
    const back = await wechat.agree(locationOf(await phone.visit(link)))
    return locationOf(await phone.visit(back.href))
  }
  const answerOf = (phone: Browser, question: string, answer: 'agree' | 'refuse') =>
    phone.visit('/login/wechat/agree', { asked: new URL(question).searchParams.get('asked') ?? '', answer })
  const tokenIn = (address: string) =>
    decodeURIComponent(/#token=([^&]+)&user_id=\d+$/.exec(address)?.[1] ?? '')
  const sessions = async () => (await gateway.db('user_session').select()).length

  it('shows a QR code that only its own browser may use, without script', async () => {
    const browser = openBrowser()
    const first = await browser.visit(`/login/wechat?return=${encodeURIComponent(returnTo)}`)
    expect(first.status).to.equal(302)
    expect(first.headers.get('set-cookie')).to.match(/^wechat_browser=\w{48}; .*HttpOnly; SameSite=Lax$/)
    expect(locationOf(first)).to.match(/^\/login\/wechat\/wait\?ticket=[0-9a-f]{48}$/)
    const { text, headers } = await browser.visit(locationOf(first))
    const ticket = locationOf(first).split('=')[1] ?? ''
    const link = `http://passport.test/front/account/wechat/redirectToWxCode?ticket=${ticket}`
    expect(text).to.include(renderSVG(link, { ecc: 'M', border: 2 }))
    expect(text).to.include('<meta http-equiv="refresh" content="2">')
    expect(text).to.include('请用微信扫描二维码，登录 <span class="site">www.example.com</span>')
    expect(headers.get('content-security-policy')).to.match(/^default-src 'none'; style-src /)
    expect(headers.get('cache-control')).to.equal('no-store')
    const rows = JSON.stringify(await gateway.db('wechat_ticket').select())
    expect(rows).not.to.include(ticket)
  })

  it('signs the browser in once the phone, which is asked by the site’s name, has agreed', async () => {
    const browser = openBrowser()
    const phone = openBrowser(inWechat)
    const { waiting, link } = await showCode(browser)
    const question = await scan(phone, link, wechat.addPerson())
    expect((await browser.visit(waiting)).text)
      .to.include('已扫描，请在手机上确认登录。')
      .and.include(`<a href="/login/wechat?return=${encodeURIComponent(returnTo)}">重新获取二维码</a>`)
      .and.not.include('<svg')
    const asked = await phone.visit(question)
    expect(asked.text).to.include('<h1>是否在另一台设备上登录？</h1>')
    expect(asked.text).to.include('<span class="site">www.example.com</span>')
    expect((await browser.visit(waiting)).status, 'before anybody agreed').to.equal(200)
    expect((await answerOf(phone, question, 'agree')).text).to.include('已确认，请回到电脑继续。')
    const signedIn = await browser.visit(waiting)
    expect(signedIn.status).to.equal(302)
    expect(signedIn.headers.get('cache-control')).to.equal('no-store')
    expect(locationOf(signedIn)).to.match(/^https:\/\/www\.example\.com\/after\?a=1#token=/)
    expect(await isAlive(gateway, tokenIn(locationOf(signedIn)))).to.equal(true)
    const [audited] = await gateway.db('audit_entry').orderBy('audit_id', 'desc').limit(1)
    expect(audited).to.include({ action: 'page.login.wechat', outcome: 'ok' })
    const again = await browser.visit(waiting)
    expect(again.status).to.equal(400)
    expect(again.text).to.include(
      `<a href="/login/wechat?return=${encodeURIComponent(returnTo)}">重新获取二维码</a>`,
    )
  })

  it('signs nobody in when the phone refuses', async () => {
    const browser = openBrowser()
    const phone = openBrowser(inWechat)
    const { waiting, link } = await showCode(browser)
    const question = await scan(phone, link, wechat.addPerson())
    const before = await sessions()
    expect((await answerOf(phone, question, 'refuse')).text).to.include('已取消，没有登录。')
    expect((await answerOf(phone, question, 'agree')).status).to.equal(400)
    const { text } = await browser.visit(waiting)
    expect(text).to.include('已在手机上取消登录。')
    expect(await sessions()).to.equal(before)
  })

  it('gives what a code was agreed to for to no other browser', async () => {
    const browser = openBrowser()
    const phone = openBrowser(inWechat)
    const { waiting, link } = await showCode(browser)
    await answerOf(phone, await scan(phone, link, wechat.addPerson()), 'agree')
    const stranger = openBrowser()
    for (const other of [stranger, phone]) expect((await other.visit(waiting)).status).to.equal(400)
    await showCode(stranger)
    expect((await stranger.visit(waiting)).status).to.equal(400)
    expect((await browser.visit(waiting)).status).to.equal(302)
  })

  it('takes no agreement but the one it asked for', async () => {
    const browser = openBrowser()
    const phone = openBrowser(inWechat)
    const { waiting, link } = await showCode(browser)
    const question = await scan(phone, link, wechat.addPerson())
    const asked = new URL(question).searchParams.get('asked') ?? ''
    for (const forged of ['', 'made-up', `${asked}A`, asked.slice(1)]) {
      expect((await phone.visit(`/login/wechat/agree?asked=${forged}`)).status).to.equal(400)
      const answer = await phone.visit('/login/wechat/agree', { asked: forged, answer: 'agree' })
      expect(answer.status).to.equal(400)
      expect(answer.text).to.include('请在电脑上重新获取')
    }
    await phone.visit(question)
    await phone.visit(question)
    expect((await browser.visit(waiting)).text).to.include('已扫描')
  })

  it('is used up after five minutes, on the phone as well', async () => {
    const browser = openBrowser()
    const phone = openBrowser(inWechat)
    const { waiting, link } = await showCode(browser)
    const question = await scan(phone, link, wechat.addPerson())
    gateway.clock.advance(5 * 60_000)
    expect((await browser.visit(waiting)).text).to.include('二维码已过期或已使用。')
    expect((await answerOf(phone, question, 'agree')).text).to.include('请在电脑上重新获取')
    expect((await browser.visit(waiting)).status).to.equal(400)
    const scanned = locationOf(await phone.visit(link))
    expect(scanned).to.equal('http://passport.test/login/wechat/failed?error=WECHAT_STATE')
    expect((await phone.visit(scanned)).text).to.include('请在电脑上重新获取')
  })

  it('leads the phone to a page that says so when WeChat does not name its user', async () => {
    const phone = openBrowser(inWechat)
    const { waiting, link } = await showCode(openBrowser())
    wechat.person = wechat.addPerson()
    const back = await wechat.agree(locationOf(await phone.visit(link)))
    back.searchParams.set('code', 'made-up')
    const failed = locationOf(await phone.visit(back.href))
    expect(failed).to.equal('http://passport.test/login/wechat/failed?error=WECHAT_FAILED')
    expect((await phone.visit(waiting)).status).to.equal(400)
  })

  it('is one sign-in, however many phones agree and however often the browser asks', async () => {
    const browser = openBrowser()
    const { waiting, link } = await showCode(browser)
    const people = Array.from({ length: 3 }, () => wechat.addPerson())
    const questions: string[] = []
    for (const person of people) questions.push(await scan(openBrowser(inWechat), link, person))
    const agreements = await Promise.all(
      questions.map((question) => answerOf(openBrowser(inWechat), question, 'agree')),
    )
    expect(agreements.filter(({ status }) => status === 200)).to.have.length(1)
    const before = await sessions()
    const polls = await Promise.all(Array.from({ length: 20 }, () => browser.visit(waiting)))
    expect(polls.filter(({ status }) => status === 302)).to.have.length(1)
    expect(await sessions()).to.equal(before + 1)
  })

  it('returns to hosts of CALLBACK_HOSTS only', async () => {
    const browser = openBrowser()
    for (const address of [
      'https://evil.example.com/',
      '//evil.example.com/',
      'https://www.example.com@evil.example.com/',
      'https://www.example.com.evil.example.com/',
      'https://www.example.com:8443/',
      'https:\\\\evil.example.com',
      'javascript:alert(1)',
      'data:text/html,www.example.com',
      '/after',
      `https://www.example.com/${'x'.repeat(255)}`,
    ]) {
      const answer = await browser.visit(`/login/wechat?return=${encodeURIComponent(address)}`)
      expect(answer.status, address).to.equal(400)
      expect(answer.headers.get('location')).to.equal(null)
      expect(answer.text).to.include('返回地址不正确')
    }
  })

  it('returns over plain http only where it is reached so itself', async () => {
    const [browser, plain] = [openBrowser(), encodeURIComponent('http://www.example.com/after')]
    expect((await browser.visit(`/login/wechat?return=${plain}`)).status).to.equal(302)
    const own = gateway
    gateway = await startGateway(database, { ...wechat.settings(), PUBLIC_URL: 'https://passport.test' })
    try {
      const refused = await browser.visit(`/login/wechat?return=${plain}`)
      expect(refused.status).to.equal(400)
      expect(refused.text).to.include('返回地址不正确')
      for (const to of ['', '?return=https://www.example.com/after'])
        expect((await browser.visit(`/login/wechat${to}`)).status, to).to.equal(302)
    } finally {
      await gateway.close()
      gateway = own
    }
  })

  it('ends on a page of its own for who says no address, and keeps a route in a fragment', async () => {
    for (const [to, expected] of [
      ['', 'http://passport.test/login/wechat/done#token='],
      ['https://www.example.com/#/home', 'https://www.example.com/#/home?token='],
      ['https://www.example.com/#/home?a=1', 'https://www.example.com/#/home?a=1&token='],
    ] as const) {
      const browser = openBrowser()
      const phone = openBrowser(inWechat)
      const { waiting, link } = await showCode(browser, to)
      await answerOf(phone, await scan(phone, link, wechat.addPerson()), 'agree')
      expect(locationOf(await browser.visit(waiting))).to.satisfy((to: string) => to.startsWith(expected))
    }
    const done = await openBrowser().visit('/login/wechat/done')
    expect(done.status).to.equal(200)
    expect(done.text).to.include('您已登录')
  })

  it('goes to WeChat at once inside of WeChat, and returns to the browser that began only', async () => {
    wechat.person = wechat.addPerson()
    const phone = openBrowser(inWechat)
    const begun = await phone.visit(`/login/wechat?return=${encodeURIComponent(returnTo)}`)
    expect(locationOf(begun)).to.include('/connect/oauth2/authorize?')
    const back = await wechat.agree(locationOf(begun))
    const stranger = await openBrowser(inWechat).visit(back.href)
    expect(stranger.headers.get('location')).to.equal(null)
    const answer = await phone.visit(back.href)
    expect(locationOf(answer)).to.match(/^https:\/\/www\.example\.com\/after\?a=1#token=/)
    expect(await isAlive(gateway, tokenIn(locationOf(answer)))).to.equal(true)
  })

  it('says why when somebody is locked, or WeChat did not let somebody in', async () => {
    const person = wechat.addPerson()
    const browser = openBrowser()
    const phone = openBrowser(inWechat)
    const { waiting, link } = await showCode(browser)
    await answerOf(phone, await scan(phone, link, person), 'agree')
    const [row] = await gateway.db('wechat_ticket').where({ status: 2 })
    await gateway
      .db('account_user_info')
      .where({ user_id: row?.user_id ?? 0 })
      .update({ user_state: 0 })
    expect((await browser.visit(waiting)).text).to.include('您的账号已被禁用')
    const failed = (error: string) => browser.visit(`/login/wechat/failed?error=${error}`)
    expect((await failed('USER_LOCKED')).text).to.include('您的账号已被禁用')
    for (const error of ['WECHAT_FAILED', '', '<script>', 'constructor'])
      expect((await failed(error)).text).to.include('微信登录失败，请重新登录。')
  })

  it('speaks English to who asks for it', async () => {
    const browser = openBrowser('a desktop', 'en')
    const { waiting } = await showCode(browser)
    expect((await browser.visit(waiting)).text).to.include('Scan the code with WeChat to sign in to')
  })

  it('uses WeChat’s own QR code without an official account, and says so without either', async () => {
    const browser = openBrowser()
    const own = gateway
    gateway = await startGateway(database, wechat.settings(['web']))
    try {
      wechat.person = wechat.addPerson()
      const begun = await browser.visit(`/login/wechat?return=${encodeURIComponent(returnTo)}`)
      expect(locationOf(begun)).to.include('/connect/qrconnect?')
      const back = await wechat.agree(locationOf(begun))
      expect(locationOf(await browser.visit(back.href))).to.match(/^https:\/\/www\.example\.com\/after\?a=1#/)
      await gateway.close()
      gateway = await startGateway(database, wechat.settings(['mini']))
      const off = await browser.visit('/login/wechat')
      expect(off.status).to.equal(404)
      expect(off.text).to.include('微信登录功能未启用。')
    } finally {
      await gateway.close()
      gateway = own
    }
  })

  it('is not begun from one address more often than once a second', async () => {
    const own = gateway
    gateway = await startGateway(database, { ...wechat.settings(), LIMIT_IP_SCALE: '1' })
    try {
      const browser = openBrowser()
      const answers: HttpAnswer[] = []
      for (let time = 0; time < 61; time++) answers.push(await browser.visit('/login/wechat'))
      expect(answers.slice(0, 60).map(({ status }) => status)).to.deep.equal(Array(60).fill(302))
      expect(answers[60]?.status).to.equal(429)
      expect(answers[60]?.text).to.include('请求过于频繁')
    } finally {
      await gateway.close()
      gateway = own
    }
  })
})
