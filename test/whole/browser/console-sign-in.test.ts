import { expect } from 'chai'
import { addConsoleAdmin, bringSession, consoleSession } from '../../console.js'
import { startGateway, type TestGateway } from '../../harness.js'
import { shareChromium, type TestBrowser } from '../../servers/chromium.js'
import { onEachDatabase } from '../../servers/databases.js'

onEachDatabase('signing in to the console', function (database) {
  // Its page does not know which database there is.
  if (database.kind !== 'sqlite') return
  this.timeout(120_000)
  let browser: TestBrowser
  let gateway: TestGateway
  before(async function () {
    browser = await shareChromium(this)
    gateway = await startGateway(database, { CONSOLE: 'on' })
  })
  after(async () => {
    await browser?.stop()
    await gateway?.close()
  })

  it('takes a password where no second factor is demanded, and keeps the session in the browser', async () => {
    const { account, password } = await addConsoleAdmin(gateway)
    const page = await browser.open({ size: 'desktop', language: 'en-US' })
    await page.goto(`${gateway.url}/console#/account`)
    await page.getByLabel('Account, mobile number or e-mail').fill(account)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'My account' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'My account' }).waitFor()
    expect(await page.evaluate('document.cookie')).to.equal('')
  })

  it('is brought along by a test', async () => {
    const { cookie } = await consoleSession(gateway)
    const page = await browser.open({ size: 'desktop', language: 'en-US' })
    await bringSession(page, gateway, cookie)
    await page.goto(`${gateway.url}/console#/account`)
    await page.getByRole('heading', { name: 'My account' }).waitFor()
  })
})
