import { expect } from 'chai'
import { Secret, TOTP } from 'otpauth'
import { transaction } from '../../../db/transaction.js'
import { issueTicket, resetSecondFactors } from '../../../methods/rules/console/tickets.js'
import { loginRequired, refusal } from '../../answers.js'
import { addConsoleAdmin, cookieOf, postConsole } from '../../console.js'
import type { HttpAnswer } from '../../fetch-answer.js'
import { dataOf } from '../../harness.js'
import { makePasskey } from '../../software-passkey.js'
import { withGateway } from '../../suite.js'

const minutes = 60_000
const codeWrong = refusal(300, '验证码有误', 'VALID_ERROR')
const proofNeeded = refusal(300, '请再次验证您的身份', 'PROOF_NEEDED')
const production = {
  NODE_ENV: 'production',
  CONSOLE: 'on',
  SMS_PROVIDER: 'webhook',
  SMS_WEBHOOK_URL: 'http://127.0.0.1:9/sms',
}

withGateway('second factors of the console', production, (gateway) => {
  /** What a browser does: it keeps the newest cookie. */
  function openBrowser() {
    let Cookie: string | undefined
    return {
      cookie: () => Cookie,
      async post(path: string, params: object = {}): Promise<HttpAnswer> {
        const answer = await postConsole(gateway, path, params, { Cookie })
        if (answer.headers.has('set-cookie')) Cookie = cookieOf(answer)
        return answer
      },
    }
  }
  type TestBrowser = ReturnType<typeof openBrowser>
  const stageOf = (answer: HttpAnswer) => dataOf<{ stage: string }>(answer.json).stage
  const account = (method: string) => `/manage/console/account/${method}`
  const codeOf = (secret: string) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: gateway.clock.now() })
  const nextStep = () => gateway.clock.advance(30_000)

  async function enter(browser: TestBrowser, admin: { account: string; password: string }) {
    return browser.post('/session/password', { name: admin.account, password: admin.password })
  }

  /** An administrator who has set up an authenticator app by a ticket, and is signed in. */
  async function enrol() {
    const admin = await addConsoleAdmin(gateway)
    const browser = openBrowser()
    await enter(browser, admin)
    await browser.post('/session/ticket', { ticket: await issueTicket(gateway.services, admin.uid) })
    const { secret } = dataOf<{ secret: string }>((await browser.post(account('startTotp'))).json)
    const added = await browser.post(account('confirmTotp'), { code: codeOf(secret) })
    const { recovery_codes: codes } = dataOf<{ recovery_codes: string[] }>(added.json)
    expect(stageOf(await browser.post('/session/finish'))).to.equal('full')
    nextStep()
    return { admin, browser, secret, codes }
  }

  it('are demanded in production, and the first one is set up with a ticket alone', async () => {
    const admin = await addConsoleAdmin(gateway)
    const browser = openBrowser()
    expect(stageOf(await enter(browser, admin))).to.equal('ticket')
    const cookies = [browser.cookie()]
    for (const closed of [
      account('get'),
      account('startTotp'),
      '/manage/account/user/list',
      '/session/finish',
    ])
      expect((await browser.post(closed)).text, closed).to.equal(loginRequired)
    const ticket = await issueTicket(gateway.services, admin.uid)
    const wrong = await browser.post('/session/ticket', { ticket: `${ticket}x` })
    expect(wrong.json).to.include({ error: 'CODE_IS_INVALID' })
    expect(stageOf(await browser.post('/session/ticket', { ticket }))).to.equal('enrol')
    cookies.push(browser.cookie())
    for (const closed of [account('get'), '/manage/account/user/list', '/session/finish', '/session/factor'])
      expect((await browser.post(closed)).text, closed).to.equal(loginRequired)
    const { secret } = dataOf<{ secret: string }>((await browser.post(account('startTotp'))).json)
    expect((await browser.post(account('confirmTotp'), { code: '000000' })).text).to.equal(codeWrong)
    const added = await browser.post(account('confirmTotp'), { code: codeOf(secret) })
    expect(dataOf<{ recovery_codes: string[] }>(added.json).recovery_codes).to.have.length(10)
    expect(stageOf(await browser.post('/session/finish'))).to.equal('full')
    cookies.push(browser.cookie())
    expect(new Set(cookies).size, 'a new session at every step').to.equal(3)
    expect((await browser.post('/manage/account/user/list')).json).to.include({ code: 0 })
    // The ticket is used up, and another one opens nothing for who has a factor.
    expect(stageOf(await enter(openBrowser(), admin))).to.equal('factor')
  })

  it('let in by a code, once in its time step, under a new session', async () => {
    const { admin, secret } = await enrol()
    const browser = openBrowser()
    expect(stageOf(await enter(browser, admin))).to.equal('factor')
    const half = browser.cookie()
    expect((await browser.post(account('get'))).text).to.equal(loginRequired)
    expect((await browser.post('/session/factor', { code: '000000' })).text).to.equal(codeWrong)
    expect((await browser.post('/session/factor')).text).to.equal(codeWrong)
    const code = codeOf(secret)
    expect(stageOf(await browser.post('/session/factor', { code }))).to.equal('full')
    expect(browser.cookie()).to.not.equal(half)
    const old = await postConsole(gateway, account('get'), {}, { Cookie: half })
    expect(old.text).to.equal(loginRequired)
    const other = openBrowser()
    await enter(other, admin)
    expect((await other.post('/session/factor', { code })).text, 'the same code').to.equal(codeWrong)
    const entries = await gateway.db('audit_entry').where({ target_id: admin.uid, outcome: 'VALID_ERROR' })
    expect(entries).to.have.length(3)
    expect(JSON.stringify(entries)).to.not.include(code)
  })

  it('pause guesses, as wrong passwords do', async () => {
    const { admin, secret } = await enrol()
    const browser = openBrowser()
    await enter(browser, admin)
    for (let guess = 0; guess < 5; guess++) await browser.post('/session/factor', { code: '000000' })
    const paused = await browser.post('/session/factor', { code: codeOf(secret) })
    expect(paused.json).to.include({ error: 'TOO_MANY_FAILURES' })
    gateway.clock.advance(2000)
    expect(stageOf(await browser.post('/session/factor', { code: codeOf(secret) }))).to.equal('full')
  })

  it('lost, are stood in for by a recovery code, once, and replaced', async () => {
    const { admin, codes } = await enrol()
    const browser = openBrowser()
    await enter(browser, admin)
    const recovery = (codes[0] ?? '').toLowerCase().replaceAll('-', ' ')
    expect(stageOf(await browser.post('/session/factor', { recovery }))).to.equal('full')
    const again = openBrowser()
    await enter(again, admin)
    expect((await again.post('/session/factor', { recovery })).text).to.equal(codeWrong)
    const { secret } = dataOf<{ secret: string }>((await browser.post(account('startTotp'))).json)
    const added = await browser.post(account('confirmTotp'), { code: codeOf(secret) })
    expect(dataOf(added.json)).to.deep.equal({ recovery_codes: [] })
    expect(dataOf((await browser.post(account('get'))).json)).to.include({ totp: true, recovery_codes: 9 })
    nextStep()
    expect(stageOf(await again.post('/session/factor', { code: codeOf(secret) }))).to.equal('full')
    const stored = await gateway.db('console_recovery_code').where({ user_id: admin.uid })
    for (const code of codes) expect(JSON.stringify(stored)).to.not.include(code)
  })

  it('are asked again for what is grave, after five minutes', async () => {
    const { browser, secret } = await enrol()
    const renew = () => browser.post(account('renewRecoveryCodes'))
    expect((await renew()).json).to.include({ code: 0 })
    gateway.clock.advance(5 * minutes)
    expect((await renew()).text).to.equal(proofNeeded)
    expect((await browser.post('/proof', { password: 'password of an administrator' })).text).to.equal(
      codeWrong,
    )
    expect((await renew()).text).to.equal(proofNeeded)
    expect((await browser.post('/proof', { code: codeOf(secret) })).json).to.include({ code: 0 })
    expect((await renew()).json).to.include({ code: 0 })
  })

  it('keep the last one, and end every session when an operator resets them', async () => {
    const { admin, browser } = await enrol()
    const last = await browser.post(account('removeTotp'))
    expect(last.json).to.include({ error: 'LAST_WAY' })
    await transaction(gateway.services, (services) => resetSecondFactors(services, admin.uid))
    expect((await browser.post(account('get'))).text).to.equal(loginRequired)
    expect(stageOf(await enter(browser, admin))).to.equal('ticket')
  })

  it('may be passkeys, which answer a challenge of their own session once', async () => {
    const { admin, browser } = await enrol()
    const passkey = makePasskey()
    const origin = gateway.url
    const optionsOf = async (browser: TestBrowser, path: string) =>
      dataOf<{ options: string }>((await browser.post(path)).json).options
    const response = passkey.create(await optionsOf(browser, account('startPasskey')), origin)
    const add = () => browser.post(account('addPasskey'), { response, label: '办公室的钥匙' })
    expect((await add()).json).to.include({ code: 0 })
    expect((await add()).text, 'the same answer').to.equal(codeWrong)
    const own = dataOf<{ passkeys: { label: string }[] }>((await browser.post(account('get'))).json)
    expect(own.passkeys.map(({ label }) => label)).to.deep.equal(['办公室的钥匙'])

    const [first, second] = [openBrowser(), openBrowser()]
    for (const one of [first, second]) expect(stageOf(await enter(one, admin))).to.equal('factor')
    const stolen = passkey.get(await optionsOf(first, '/session/passkey'), origin)
    await optionsOf(second, '/session/passkey')
    const use = (one: TestBrowser, answer: string) => one.post('/session/factor', { passkey: answer })
    expect((await use(second, stolen)).text, 'of another session').to.equal(codeWrong)
    const elsewhere = passkey.get(await optionsOf(first, '/session/passkey'), 'https://evil.example')
    expect((await use(first, elsewhere)).text, 'of another origin').to.equal(codeWrong)
    const foreign = makePasskey().get(await optionsOf(first, '/session/passkey'), origin)
    expect((await use(first, foreign)).text, 'of another key').to.equal(codeWrong)
    for (const nothing of ['{}', '[]', 'null', 'x', '{"response":{}}'])
      expect((await use(openBrowser(), nothing)).text).to.equal(loginRequired)
    const good = passkey.get(await optionsOf(first, '/session/passkey'), origin)
    expect(stageOf(await use(first, good))).to.equal('full')
    expect((await use(first, good)).text, 'after signing in').to.equal(loginRequired)
    expect((await first.post('/proof', { passkey: good })).text, 'a second time').to.equal(codeWrong)
    const removed = await first.post(account('removePasskey'), own.passkeys[0])
    expect(removed.json).to.include({ code: 0 })
    expect((await gateway.db('console_passkey').where({ user_id: admin.uid })).length).to.equal(0)
  })

  it('leave an administrator’s other sessions to be ended one by one, or all', async () => {
    const { admin, browser, secret } = await enrol()
    const others = [openBrowser(), openBrowser()]
    for (const other of others) {
      nextStep()
      await enter(other, admin)
      expect(stageOf(await other.post('/session/factor', { code: codeOf(secret) }))).to.equal('full')
    }
    type Sessions = { sessions: { session_id: string; is_own: boolean }[] }
    const { sessions } = dataOf<Sessions>((await browser.post(account('get'))).json)
    expect(sessions.map(({ is_own }) => is_own)).to.deep.equal([false, false, true])
    await browser.post(account('endSessions'), sessions[0])
    expect((await others[1]?.post(account('get')))?.text).to.equal(loginRequired)
    expect((await others[0]?.post(account('get')))?.json).to.include({ code: 0 })
    await browser.post(account('endSessions'))
    expect((await others[0]?.post(account('get')))?.text).to.equal(loginRequired)
    expect((await browser.post(account('get'))).json).to.include({ code: 0 })
  })
})
