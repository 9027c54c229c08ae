import { expect } from 'chai'
import { Secret, TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { issueTicket } from '../../../methods/rules/console/tickets.js'
import { addConsoleAdmin, bringSession, consoleSession } from '../../console.js'
import { startGateway, type TestGateway } from '../../harness.js'
import { type NewWindow, shareChromium, type TestBrowser, windowSizes } from '../../servers/chromium.js'
import { onEachDatabase } from '../../servers/databases.js'
import { expectToFit } from './looks.js'

const production = {
  NODE_ENV: 'production',
  CONSOLE: 'on',
  SMS_PROVIDER: 'webhook',
  SMS_WEBHOOK_URL: 'http://127.0.0.1:9/sms',
}

onEachDatabase('signing in to the console', function (database) {
  // Its page does not know which database there is.
  if (database.kind !== 'sqlite') return
  this.timeout(180_000)
  let browser: TestBrowser
  let gateway: TestGateway
  let admin: { readonly uid: number; readonly account: string; readonly password: string }
  let page: Page
  let secret = ''
  let recoveryCodes: readonly string[] = []
  const complaints: string[] = []
  before(async function () {
    browser = await shareChromium(this)
    gateway = await startGateway(database, production)
    admin = await addConsoleAdmin(gateway)
    page = await open({ size: 'desktop', language: 'en-US' })
    const authenticator = await page.context().newCDPSession(page)
    await authenticator.send('WebAuthn.enable')
    await authenticator.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
  })
  after(async () => {
    await browser?.stop()
    await gateway?.close()
  })

  /** Passkeys are bound to a name, which an address is none. */
  async function open(window: NewWindow) {
    const opened = await browser.open(window)
    opened.on('pageerror', (error) => complaints.push(error.message))
    opened.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    await opened.goto(`${gateway.url.replace('127.0.0.1', 'localhost')}/console#/account`)
    return opened
  }

  async function enterPassword(): Promise<void> {
    await page.getByLabel('Account, mobile number or e-mail').fill(admin.account)
    await page.getByLabel('Password', { exact: true }).fill(admin.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }

  async function leave(): Promise<void> {
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in to operate' }).waitFor()
  }

  const isIn = () => page.getByRole('heading', { name: 'My account' }).waitFor()

  function codeNow(): string {
    // The step of the last code is used up.
    gateway.clock.advance(30_000)
    return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: gateway.clock.now() })
  }

  async function looksGood(name: string, shown: Page = page): Promise<void> {
    await expectToFit(shown, `console-${name}`)
    await shown.setViewportSize(windowSizes.desktop)
  }

  it('begins with a ticket and an authenticator app, where a second factor is demanded', async () => {
    await page.getByRole('heading', { name: 'Sign in to operate' }).waitFor()
    await looksGood('sign-in')
    await enterPassword()
    await page.getByLabel('Ticket').fill(await issueTicket(gateway.services, admin.uid))
    await looksGood('ticket')
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
    await page.getByRole('img', { name: 'Picture for the authenticator app' }).waitFor()
    secret = await page.locator('code').innerText()
    await looksGood('enrol')
    await page.getByLabel('Six digits that the app shows').fill(codeNow())
    await page.getByRole('button', { name: 'Confirm' }).click()
    recoveryCodes = (await page.locator('pre').innerText()).split('\n')
    expect(recoveryCodes).to.have.length(10)
    await looksGood('recovery-codes')
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await isIn()
    await page.getByText('Recovery codes left: 10').waitFor()
    await looksGood('account')
  })

  it('takes a password and a code of the app, and keeps both from the page’s scripts', async () => {
    await leave()
    await enterPassword()
    const field = page.getByLabel('Six digits of your authenticator app')
    await field.fill('000000')
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByRole('alert').filter({ hasText: '验证码有误' }).waitFor()
    await field.fill(codeNow())
    await page.keyboard.press('Enter')
    await isIn()
    const kept = await page.evaluate<string>(
      'JSON.stringify([document.cookie, location.href, {...localStorage}, {...sessionStorage}])',
    )
    expect(kept).to.not.include('passport-console').and.not.include(admin.password)
    await page.reload()
    await isIn()
  })

  it('takes a passkey in place of the app', async () => {
    await page.getByLabel('Name of the passkey').fill('笔记本电脑')
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByText('Passkey · 笔记本电脑').waitFor()
    await leave()
    await enterPassword()
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await isIn()
  })

  it('asks again before what is grave, after five minutes, and then does it', async () => {
    gateway.clock.advance(6 * 60_000)
    await page.getByRole('button', { name: 'New recovery codes' }).click()
    const dialog = page.getByRole('dialog', { name: 'Is it you?' })
    await dialog.waitFor()
    await looksGood('proof')
    await dialog.getByRole('button', { name: 'Use a passkey' }).click()
    await dialog.waitFor({ state: 'hidden' })
    recoveryCodes = (await page.locator('pre').innerText()).split('\n')
    expect(recoveryCodes).to.have.length(10)
    gateway.clock.advance(6 * 60_000)
    await page.getByRole('button', { name: /^Remove: Passkey/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('alert').filter({ hasText: '请再次验证您的身份' }).waitFor()
  })

  it('is got back by a recovery code after everything was lost', async () => {
    await leave()
    await enterPassword()
    await page.getByRole('button', { name: 'I have lost my second factor' }).click()
    await page.getByLabel('Recovery code').fill(recoveryCodes[0] ?? '')
    await looksGood('recovery')
    await page.getByRole('button', { name: 'Confirm' }).click()
    await isIn()
    await page.getByText('Recovery codes left: 9').waitFor()
    await page.getByRole('button', { name: 'Remove: Authenticator app' }).click()
    await page.getByRole('button', { name: 'Set up an authenticator app' }).waitFor()
    await page.getByRole('button', { name: /^Remove: Passkey/ }).click()
    await page.getByRole('alert').filter({ hasText: '至少保留一种登录方式' }).waitFor()
    expect(complaints).to.deep.equal([])
  })

  it('shows the sessions of the account, in Chinese and in the dark, and ends the others', async () => {
    const dark = await browser.open({ size: 'desktop', isDark: true })
    const node = await startGateway({ url: 'sqlite::memory:' }, { CONSOLE: 'on' })
    try {
      const { cookie, account, password } = await consoleSession(node)
      await bringSession(dark, node, cookie)
      await node.request('/console/api/session/password', {
        method: 'POST',
        headers: { Origin: node.url, 'Content-Type': 'application/json' },
        body: JSON.stringify({ name: account, password }),
      })
      await dark.goto(`${node.url}/console#/account`)
      await dark.getByRole('heading', { name: '我的账号' }).waitFor()
      await dark.getByText('您还没有设置。知道您密码的人都能进入。').waitFor()
      await dark.getByRole('button', { name: '结束其他所有会话' }).waitFor()
      await looksGood('account-zh-dark', dark)
      await dark.getByRole('button', { name: '结束其他所有会话' }).click()
      await dark.getByRole('button', { name: '结束其他所有会话' }).waitFor({ state: 'hidden' })
      await node.db('console_session').delete()
      await dark.getByRole('button', { name: '设置验证器应用' }).click()
      await dark.getByRole('heading', { name: '登录后操作' }).waitFor()
      await looksGood('sign-in-zh-dark', dark)
    } finally {
      await node.close()
    }
  })
})
