import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { addConsoleAdmin, bringSession, consoleSession } from '../../console.js'
import { startGateway, type TestGateway } from '../../harness.js'
import { shareChromium, type TestBrowser } from '../../servers/chromium.js'
import { onEachDatabase } from '../../servers/databases.js'
import { expectWalk, focusedName, pressOn, tabTo } from './keyboard.js'
import { moveTo } from './looks.js'

onEachDatabase('the console by the keyboard alone', function (database) {
  // Its pages do not know which database there is.
  if (database.kind !== 'sqlite') return
  this.timeout(180_000)
  let browser: TestBrowser
  let gateway: TestGateway
  before(async function () {
    browser = await shareChromium(this)
    gateway = await startGateway(database, { NODE_ENV: 'development' })
  })
  after(async () => {
    await browser?.stop()
    await gateway?.close()
  })

  async function open(place: string, cookie?: string): Promise<Page> {
    const page = await browser.open({ size: 'desktop', language: 'en-US' })
    if (cookie !== undefined) await bringSession(page, gateway, cookie)
    await page.goto(`${gateway.url}${place}`)
    return page
  }
  const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).waitFor()

  it('reaches everything on every page, sees where it is, and is held nowhere', async () => {
    const admin = await consoleSession(gateway)
    const { uid } = await gateway.addUser({ nickname: 'walked', mobile: '13912345601' })
    await gateway.addApp({ name: 'walked' })
    await admin.call('manage.console.ipBlock.add', { address: '203.0.113.9' })
    await admin.call('manage.console.watch.start', { kind: 'app', subject: 'web' })
    const page = await open('/', admin.cookie)
    await expectWalk(page, 'the start page')
    await page.goto(`${gateway.url}/console`)
    await page.locator('nav.list a').first().waitFor()
    await page.getByRole('searchbox').fill('passport')
    await expectWalk(page, 'the reference')
    await page.goto(`${gateway.url}/console#/method/web.passport.sendcode`)
    await page.getByRole('button', { name: 'Send' }).waitFor()
    await expectWalk(page, 'a method')
    const places = ['dashboard', 'watch', 'users', `users/${uid}`, 'certificates', 'applications']
    places.push('applications/walked', 'roles', 'audit', 'limits', 'settings', 'account')
    for (const place of places) {
      await moveTo(page, `${gateway.url}/console`, place)
      await page.locator('main.wide :is(h2, h3)').first().waitFor()
      await page.locator('.mantine-Loader-root').first().waitFor({ state: 'detached' })
      await expectWalk(page, place)
    }
    await page.goto(`${gateway.url}/console#/doctor`)
    await heading(page, 'Signature doctor')
    await expectWalk(page, 'the doctor')
    const stranger = await open('/console#/dashboard')
    await heading(stranger, 'Sign in to operate')
    await expectWalk(stranger, 'the sign-in')
  })

  it('sends a signed call, from the start page', async () => {
    const page = await open('/')
    await pressOn(page, /^Console/)
    await page.locator('nav.list a').first().waitFor()
    await tabTo(page, 'Find a method by name or text')
    await page.keyboard.type('sendcode')
    await pressOn(page, /^sendcode/)
    await heading(page, 'web.passport.sendcode')
    await tabTo(page, 'mobile')
    await page.keyboard.press('Control+A')
    await page.keyboard.type('13912345602')
    await page.keyboard.press('Enter')
    await heading(page, 'Answer')
    expect(await page.locator('pre').first().innerText()).to.include('"code": 200')
    await tabTo(page, 'Signed text')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.getByText(/^curl -sS/).waitFor()
  })

  it('passes the head, and the list of methods, by one key', async () => {
    const page = await open('/console#/method/open.passport.get')
    await heading(page, 'open.passport.get')
    await page.keyboard.press('Tab')
    expect(await focusedName(page)).to.equal('Skip to the content')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).to.equal('method')
    expect(page.url()).to.match(/#\/method\/open\.passport\.get$/)
  })

  it('signs in, finds a user, and unlocks', async () => {
    const { account, password } = await addConsoleAdmin(gateway)
    const { uid } = await gateway.addUser({ nickname: 'shut out' })
    await gateway.db('account_user_info').where({ user_id: uid }).update({ user_state: 0 })
    await gateway.db('account_user_base').where({ user_id: uid }).update({ user_locked: 1 })
    const page = await open('/console')
    await pressOn(page, 'Sign in')
    await heading(page, 'Sign in to operate')
    await tabTo(page, /^Account/)
    await page.keyboard.type(account)
    await tabTo(page, 'Password')
    await page.keyboard.type(password)
    await page.keyboard.press('Enter')
    await pressOn(page, 'Users')
    await heading(page, 'Users')
    await tabTo(page, /nickname/)
    await page.keyboard.type('shut')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'shut out' }).waitFor()
    await pressOn(page, 'shut out')
    await pressOn(page, 'Unlock', 'Space')
    await page.getByText('Done: Unlock').waitFor()
    const state = await gateway.db('account_user_info').where({ user_id: uid }).pluck('user_state')
    expect(state).to.deep.equal([1])
  })

  it('adds an application, and copies its secret', async () => {
    const { cookie } = await consoleSession(gateway)
    const page = await open('/console#/applications', cookie)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await heading(page, 'Applications')
    await pressOn(page, 'Add an application')
    expect(await focusedName(page)).to.equal('Name')
    await page.keyboard.type('typed')
    await tabTo(page, 'Scheme')
    await page.keyboard.type('legacy')
    await pressOn(page, /^web \(/)
    await pressOn(page, 'web.*', 'Space')
    await pressOn(page, 'Add an application')
    await page.locator('[data-secret]').waitFor()
    expect(await focusedName(page)).to.equal('Copy')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const secret = await page.evaluate<string>('navigator.clipboard.readText()')
    const app = { name: 'typed', secret, scheme: 'legacy' } as const
    const answer = await gateway.call('web.passport.getUserVerifyInfo', { uid: '404404' }, { app })
    expect(answer.json).to.include({ code: 10010 })
    await pressOn(page, 'I have kept it')
    expect(await page.evaluate('document.activeElement.id')).to.equal('content')
  })

  it('closes what asks by Escape, and goes on where it was', async () => {
    const { cookie, uid, password } = await consoleSession(gateway)
    await gateway.addApp({ name: 'asked' })
    const page = await open('/console#/applications/asked', cookie)
    await pressOn(page, 'Disable')
    await page.getByRole('alert').filter({ hasText: 'Disable?' }).waitFor()
    await tabTo(page, 'Yes')
    await page.keyboard.press('Escape')
    await page.getByRole('alert').waitFor({ state: 'detached' })
    expect(await focusedName(page)).to.equal('Disable')
    await pressOn(page, 'Watch its calls', 'Shift+Tab')
    expect(await focusedName(page)).to.equal('Disable')

    await gateway.db('console_session').where({ user_id: uid }).update({ proved_at: 1 })
    await page.keyboard.press('Enter')
    await pressOn(page, 'Yes')
    const dialog = page.getByRole('dialog', { name: 'Is it you?' })
    await dialog.waitFor()
    expect(await focusedName(page)).to.equal('Password')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('alert').waitFor()
    expect(await focusedName(page)).to.equal('Disable')

    await page.keyboard.press('Enter')
    await pressOn(page, 'Yes')
    await dialog.waitFor()
    // It holds the focus while it is open.
    for (let at = 0; at < 6; at++) await page.keyboard.press('Tab')
    await tabTo(page, 'Password')
    await page.keyboard.type(password)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Enable' }).waitFor()
    await dialog.waitFor({ state: 'detached' })
    expect(await focusedName(page)).to.equal('Enable')
    await pressOn(page, 'Change')
    expect(await focusedName(page)).to.equal('Trust')
    await pressOn(page, 'Cancel')
    expect(await focusedName(page)).to.equal('Change')
  })
})
