import { expect } from 'chai'
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { insertRole } from '../../../db/admin-roles.js'
import { audit } from '../../../methods/rules/audit.js'
import { bringSession, consoleSession, type TestConsole } from '../../console.js'
import { startGateway, type TestApp, type TestGateway } from '../../harness.js'
import { type NewWindow, shareChromium, type SharedBrowser } from '../../servers/chromium.js'
import { onEachDatabase } from '../../servers/databases.js'
import { hostileMessages } from './hostile-messages.js'
import { expectToFit, looks, moveTo } from './looks.js'

onEachDatabase('operating by the console', function (database) {
  // Its pages do not know which database there is.
  if (database.kind !== 'sqlite') return
  this.timeout(180_000)
  let browser: SharedBrowser
  let gateway: TestGateway
  let admin: TestConsole
  before(async function () {
    browser = await shareChromium(this)
    gateway = await startGateway(database, { CONSOLE: 'on' })
    admin = await consoleSession(gateway)
  })
  afterEach(() => browser.freePages())
  after(async () => {
    await browser?.stop()
    await gateway?.close()
  })

  /** A page of the console, and what it asked for elsewhere or complained of. */
  async function open(place: string, window: Partial<NewWindow> = {}, as = admin) {
    const page = await browser.open({ size: 'desktop', language: 'en-US', ...window })
    const complaints: string[] = []
    page.on('pageerror', ({ message }) => complaints.push(message))
    page.on('dialog', (dialog) => {
      complaints.push(`a dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('request', (request) => {
      if (!request.url().startsWith(`${gateway.url}/`) && !request.url().startsWith('blob:'))
        complaints.push(request.url())
    })
    await bringSession(page, gateway, as.cookie)
    await page.goto(`${gateway.url}/console#/${place}`)
    return { page, complaints }
  }

  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
  const confirm = (page: Page) => press(page, 'Yes')
  /** What a signed call for a user there is not is answered. */
  const codeOf = async (app: TestApp) =>
    (await gateway.call('web.passport.getUserVerifyInfo', { uid: '404404' }, { app })).json?.code
  const shownSecret = async (page: Page) => {
    const secret = await page.locator('[data-secret]').innerText()
    await press(page, 'I have kept it')
    await page.locator('[data-secret]').waitFor({ state: 'detached' })
    return secret
  }

  it('adds an application, which calls, is rotated without a refused call, and is disabled', async () => {
    const { page, complaints } = await open('applications')
    await press(page, 'Add an application')
    await page.getByLabel('Name', { exact: false }).first().fill('shop')
    await page.getByLabel('Scheme').selectOption('legacy')
    await page.locator('summary', { hasText: /^web / }).click()
    await page.getByLabel('web.*', { exact: true }).check()
    await page.getByRole('button', { name: 'Add an application' }).click()
    const first = await shownSecret(page)
    const shop = (secret: string): TestApp => ({ name: 'shop', secret, scheme: 'legacy' })
    expect(await codeOf(shop(first))).to.equal(10010)
    await page.getByRole('link', { name: 'shop' }).click()
    await press(page, 'New secret')
    await confirm(page)
    const second = await shownSecret(page)
    expect(second).to.not.equal(first)
    expect([await codeOf(shop(first)), await codeOf(shop(second))]).to.deep.equal([10010, 10010])
    await press(page, 'Retire the old secret')
    await confirm(page)
    await page.getByText('1 good', { exact: true }).waitFor()
    expect([await codeOf(shop(first)), await codeOf(shop(second))]).to.deep.equal([500, 10010])
    await gateway.services.callers.flush()
    await page.reload()
    await page.getByRole('region', { name: 'Versions it calls with' }).last().getByText('none told').waitFor()
    await press(page, 'Disable')
    await confirm(page)
    await page.getByRole('button', { name: 'Enable' }).waitFor()
    expect(await codeOf(shop(second))).to.equal(500)
    expect(await page.content()).to.not.include(second)
    expect(complaints).to.deep.equal([])
  })

  it('picks grants from the tree, and says why a change is refused', async () => {
    await gateway.addApp({ name: 'granted', grants: ['open.*', 'web.passport.get*'] })
    const { page } = await open('applications/granted')
    await press(page, 'Change')
    await page.locator('summary').first().waitFor()
    expect(await page.getByLabel('Other patterns').inputValue()).to.equal('web.passport.get*')
    await page.locator('summary', { hasText: /^app / }).click()
    await page.getByLabel('app.*', { exact: true }).check()
    await page.getByLabel('Addresses it may call from').fill('10.0.0.0/')
    await press(page, 'Save')
    await page
      .getByRole('alert')
      .filter({ hasText: '10.0.0.0/ is neither an address nor a CIDR range' })
      .waitFor()
    await page.getByLabel('Addresses it may call from').fill('10.0.0.0/8')
    await press(page, 'Save')
    await page.getByText('Saved.').waitFor()
    const [row] = await gateway.db('client_app').where({ name: 'granted' })
    expect(JSON.parse(row?.grants ?? '')).to.have.members(['open.*', 'web.passport.get*', 'app.*'])
    expect(row?.addresses).to.equal('["10.0.0.0/8"]')
  })

  it('gives a new role to a user, and takes it back', async () => {
    const { uid } = await gateway.addUser()
    const { page, complaints } = await open('roles')
    await page.getByLabel('Name of the role').fill('客服')
    await page.getByLabel('Path or pattern').fill('/manage/account/user/*')
    await press(page, 'Grant')
    await page.getByRole('heading', { name: '客服' }).waitFor()
    const form = page.getByRole('form', { name: /^Make an administrator/ })
    await form.getByLabel('User').fill(String(uid))
    await form.getByLabel('Role').selectOption('客服')
    await press(page, 'Give the role')
    await page.getByRole('cell', { name: String(uid), exact: true }).waitFor()
    const [account = ''] = await gateway.db('account_user_base').where({ user_id: uid }).pluck('user_account')
    await press(page, `Remove: ${account}`)
    await confirm(page)
    await page.getByRole('cell', { name: String(uid), exact: true }).waitFor({ state: 'detached' })
    expect(complaints).to.deep.equal([])
  })

  it('follows a user and a request through the audit, and saves it as a table', async () => {
    const call = { action: 'test.follow', session: undefined, ip: '192.0.2.9', requestId: 'request-follow' }
    await audit(gateway.services, call, { actor: '=1+1', targetId: 777_001, detail: 'one' })
    await audit(gateway.services, { ...call, requestId: '' }, { targetId: 777_001, detail: 'two' })
    const { page, complaints } = await open('audit/user/777001')
    await page.getByRole('cell', { name: 'two' }).waitFor()
    const user = page.getByRole('link', { name: '777001' }).first()
    expect(await user.getAttribute('href')).to.equal('#/users/777001')
    await press(page, 'Show only this: request-follow')
    await page.getByRole('cell', { name: 'two' }).waitFor({ state: 'detached' })
    const saving = page.waitForEvent('download')
    await press(page, 'Download as CSV')
    const saved = await saving
    expect(saved.suggestedFilename()).to.equal('audit.csv')
    expect(await readFile(await saved.path(), 'utf8'))
      .to.include(`,"'=1+1",`)
      .and.include('request-follow')
    await page.getByLabel('Action').fill('no.such.action')
    await press(page, 'Find')
    await page.getByText('The audit has no such entry.').waitFor()
    expect(complaints).to.deep.equal([])
  })

  it('blocks an address, and changes a setting', async () => {
    const { page } = await open('limits')
    await page.getByLabel('Address or range').fill('203.0.113.0/24')
    await press(page, 'Block')
    await page.getByRole('cell', { name: '203.0.113.0/24', exact: true }).waitFor()
    await press(page, 'Unblock: 203.0.113.0/24')
    await page.getByText('No address is blocked.').waitFor()
    await page.goto(`${gateway.url}/console#/settings`)
    await press(page, 'Change: site_name')
    await page.getByLabel('Value').fill('护照')
    await press(page, 'Save')
    await page.getByText('护照').waitFor()
    await press(page, 'Back to the default: site_name')
    await confirm(page)
    await page.getByText('护照').waitFor({ state: 'detached' })
  })

  it('shows whoever may only look no button, and others no page', async () => {
    const reader = await consoleSession(gateway, {
      paths: ['/manage/console/application/list', '/manage/console/application/get'],
    })
    const { page } = await open('applications', {}, reader)
    await page.getByRole('link', { name: 'web', exact: true }).click()
    await page.getByText('Versions it calls with').first().waitFor()
    for (const name of ['New secret', 'Disable', 'Change', 'Add an application'])
      expect(await page.getByRole('button', { name }).count(), name).to.equal(0)
    await page.goto(`${gateway.url}/console#/roles`)
    await page.getByText('Your role does not include this page').waitFor()
    const auditor = await consoleSession(gateway, { paths: ['/manage/console/audit/*'] })
    const { page: entries } = await open(`audit/user/${auditor.uid}`, {}, auditor)
    await entries.getByRole('cell', { name: 'console.session.password' }).first().waitFor()
    expect(await entries.locator('main').getByRole('link').count()).to.equal(0)
  })

  it('runs no script that stands in a name, a note, an entry or a setting', async () => {
    const { db, services } = gateway
    for (const [at, text] of hostileMessages.entries()) {
      const call = { action: text, session: undefined, ip: '192.0.2.7' }
      await audit(services, call, { actor: text, targetId: 888_001, detail: text })
      const address = `198.51.100.${at + 1}`
      await db('ip_block').insert({ address, reason: text.slice(0, 255), created_at: 1, expires_at: null })
      if (at < 60) await insertRole(db, text.slice(0, 40))
    }
    await admin.call('manage.console.setting.set', { key: 'site_name', value: hostileMessages.join('\n') })
    for (const place of ['audit/user/888001', 'roles', 'limits', 'settings']) {
      const { page, complaints } = await open(place)
      await page.locator('main table, main section').first().waitFor()
      await page.waitForTimeout(300)
      expect(complaints, place).to.deep.equal([])
      expect(
        await page.evaluate('document.querySelectorAll("main script, main iframe, main svg script").length'),
      ).to.equal(0)
    }
    await db('ip_block').delete()
    await db('admin_user_role')
      .where('user_role_buildin', 0)
      .whereNot('user_role_name', 'like', 'role of %')
      .delete()
    await admin.call('manage.console.setting.unset', { key: 'site_name' })
  })

  for (const look of looks)
    it(`fits windows of each size in ${look.language}, without a serious flaw for anybody`, async () => {
      const name = 'a'.repeat(60)
      if (!gateway.services.apps.find(name))
        await gateway.addApp({ name, grants: ['web.*', 'open.*', 'batch'] })
      const places = ['applications', `applications/${name}`, 'roles', 'audit', 'limits', 'settings']
      const { page, complaints } = await open('account', look)
      await page.locator('main.wide').waitFor()
      for (const place of places) {
        await moveTo(page, `${gateway.url}/console`, place)
        await page.locator('main.wide').locator('section, table').first().waitFor()
        await expectToFit(
          page,
          `operate-${place === `applications/${name}` ? 'application' : place}`,
          look.language,
        )
        expect(complaints, place).to.deep.equal([])
      }
      await moveTo(page, `${gateway.url}/console`, 'applications')
      await press(page, look.language === 'zh-CN' ? '新增应用' : 'Add an application')
      await page.locator('summary').first().click()
      await expectToFit(page, 'operate-form', look.language)
    })

  it('keeps a new secret on a page that cannot be read anew', async () => {
    await gateway.addApp({ name: 'lost' })
    const { page } = await open('applications/lost')
    await page.getByRole('button', { name: 'New secret' }).waitFor()
    await page.route('**/application/get', (route) => route.abort())
    await press(page, 'New secret')
    await confirm(page)
    await page.getByText('This could not be read').waitFor()
    expect(await page.locator('[data-secret]').innerText()).to.match(/^\S{20,}$/)
    await page.unroute('**/application/get')
    await press(page, 'Try again')
    await page.getByText('2 good', { exact: true }).waitFor()
    expect(await page.locator('[data-secret]').count()).to.equal(1)
    await page.getByRole('link', { name: 'Applications', exact: true }).waitFor()
    expect(await page.locator('header [aria-current=page]').innerText()).to.equal('Applications')
  })

  it('says that the server is slow, or why it did not answer', async () => {
    const { page } = await open('account')
    await page.getByRole('heading', { name: 'My account' }).waitFor()
    await page.route('**/application/list', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 6000))
      await route.abort()
    })
    await page.goto(`${gateway.url}/console#/applications`)
    await page.getByText('The server takes long to answer.').waitFor()
    await page.getByText('This could not be read').waitFor()
    await page.unroute('**/application/list')
    await press(page, 'Try again')
    await page.getByRole('link', { name: 'web', exact: true }).waitFor()
    await page.route('**/account/get', (route) => route.abort())
    await page.goto(`${gateway.url}/console#/account`)
    await page.getByText('Your account could not be read').waitFor()
    await page.getByText('The server did not answer', { exact: true }).waitFor()
    await page.unroute('**/account/get')
    await press(page, 'Try again')
    await page.getByRole('region', { name: 'Sessions of the console' }).getByRole('table').waitFor()
  })
})
