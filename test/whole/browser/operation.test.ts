import { expect } from 'chai'
import { bringSession, consoleSession } from '../../console.js'
import { startGateway, type TestGateway } from '../../harness.js'
import { type NewWindow, shareChromium, type SharedBrowser } from '../../servers/chromium.js'
import { onEachDatabase } from '../../servers/databases.js'
import { expectToFit, looks } from './looks.js'

onEachDatabase('the console’s dashboard and live watch', function (database) {
  // The pages do not know which database there is.
  if (database.kind !== 'sqlite') return
  this.timeout(120_000)
  let browser: SharedBrowser
  let gateway: TestGateway
  before(async function () {
    browser = await shareChromium(this)
    gateway = await startGateway(database, { CONSOLE: 'on' })
  })
  afterEach(() => browser.freePages())
  after(async () => {
    await browser?.stop()
    await gateway?.close()
  })

  /** A page of an administrator whose role includes these paths, all if absent, and what it complained of. */
  async function open(place: string, window: NewWindow, paths?: readonly string[]) {
    const { cookie, account } = await consoleSession(gateway, paths ? { paths } : {})
    const page = await browser.open(window)
    await bringSession(page, gateway, cookie)
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => {
      if (!request.url().startsWith(`${gateway.url}/`)) complaints.push(request.url())
    })
    await page.goto(`${gateway.url}/console${place}`)
    return { page, complaints, account }
  }
  const english = { size: 'desktop', language: 'en-US' } as const
  const callMuch = async () => {
    const user = await gateway.addUser({ mobile: `139${String(Date.now()).slice(-8)}` })
    for (let call = 0; call < 12; call++) await gateway.call('open.passport.get', { uid: String(user.uid) })
    for (let call = 0; call < 3; call++) await gateway.call('web.passport.sendcode', { mobile: '12' })
    const query = `user_account=somebody-who-is-unknown&password=wrong`
    await gateway.request(`/front/account/login/login?${query}`)
    return user
  }

  it('shows what was just called, by the minute and as a table', async () => {
    const { page, complaints } = await open('#/dashboard', english)
    await page.getByRole('heading', { name: 'Dashboard' }).waitFor()
    await page.getByRole('link', { name: 'Dashboard' }).waitFor()
    await page.getByText('No call yet in this period.').waitFor()
    await callMuch()
    await page.reload()
    await page.getByRole('cell', { name: 'open.passport.get' }).waitFor()
    const row = page.getByRole('row').filter({ hasText: 'MOBILE_FORM' })
    expect(await row.innerText()).to.match(/MOBILE_FORM\s+3/)
    expect(await page.getByRole('region', { name: 'Nodes' }).innerText()).to.match(/live\s+\d+\.\d+\.\d+/i)
    await page.getByText('As a table').first().click()
    await page.getByRole('region', { name: 'Calls', exact: true }).getByRole('row').nth(60).waitFor()
    await page.getByText('Last 24 hours').click()
    await page.getByRole('cell', { name: 'open.passport.get' }).waitFor()
    // Users are counted meanwhile.
    await page.getByText('argon2id', { exact: true }).waitFor({ timeout: 60_000 })
    expect(complaints).to.deep.equal([])
  })

  it('tells of a node that is gone, and of a server that does not answer any more', async () => {
    const { page } = await open('#/dashboard', english)
    const now = gateway.clock.now()
    await gateway.db('node_minute').insert({
      node_id: 'gone',
      node_name: 'a-host-with-quite-a-long-name.of.some.cluster.example.com:4711',
      version: '0.0.9',
      minute: now - (now % 60_000),
      started_at: now - 86_400_000,
      written_at: now - 10 * 60_000,
      figures: JSON.stringify({
        calls: {},
        errors: {},
        durations: {},
        signIns: {},
        codesSent: {},
        codesUsed: {},
        memory: 1,
        lag: 0,
      }),
    })
    await page.getByText('A node has been silent').waitFor({ timeout: 20_000 })
    await page.route('**/dashboard/show', (route) => route.abort())
    await page.getByText('The figures below are old').waitFor({ timeout: 20_000 })
    await page.reload()
    await page.getByText('The figures could not be read').waitFor()
    await page.unroute('**/dashboard/show')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('A node has been silent').waitFor()
  })

  it('watches an application, with what was called since, and stops', async () => {
    const { page, complaints } = await open('#/watch', english)
    await page.getByText('Nobody watches.').waitFor()
    await page.getByLabel('Name of the application').fill('nobody')
    await page.getByRole('button', { name: 'Watch', exact: true }).click()
    await page.getByText('It did not work').waitFor()
    await page.getByLabel('Name of the application').fill('web')
    await page.getByRole('button', { name: 'Watch', exact: true }).click()
    await page.getByText('No call yet.').waitFor()
    await gateway.call('web.passport.sendcode', {
      mobile: '13900001111',
      note: '<img src=x onerror=alert(1)>',
    })
    const calls = page.getByRole('region', { name: 'Calls' })
    await calls.getByText('web.passport.sendcode').waitFor()
    const request = calls.getByRole('link').first()
    expect(await request.getAttribute('href')).to.equal(`#/audit/request/${await request.innerText()}`)
    const shown = await calls.innerText()
    expect(shown).to.include('mobile = 139****1111').and.to.include('client_secret (32)')
    expect(await page.content())
      .to.not.include('13900001111')
      .and.to.not.include(gateway.web.secret)
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('Nobody watches.').waitFor()
    await page.getByText('ended').waitFor()
    expect(complaints).to.deep.equal([])
  })

  it('fills the form in from the address, for a user', async () => {
    const { page } = await open('#/watch/user/12345', english)
    expect(await page.getByLabel('User id').inputValue()).to.equal('12345')
  })

  it('shows no more than a role includes', async () => {
    const { page } = await open('#/watch', english, ['/manage/console/watch/list'])
    await page.getByText('Your role may look, but not start a watch.').waitFor()
    expect(await page.getByRole('link', { name: 'Dashboard' }).count()).to.equal(0)
    await page.goto(`${gateway.url}/console#/users`)
    await page.getByText('Your role does not include this page').waitFor()
    // Where signing in leads, it is the first page that the role includes.
    await page.goto(`${gateway.url}/console#/dashboard`)
    await page.getByText('Your role may look, but not start a watch.').waitFor()
  })

  for (const look of looks)
    it(`fits windows of each size in ${look.language}, without a serious flaw for anybody`, async () => {
      const user = await callMuch()
      for (const place of ['dashboard', 'watch'] as const) {
        const { page, complaints } = await open(`#/${place}`, { size: 'desktop', ...look })
        if (place === 'watch') {
          await page.getByRole('textbox').fill('web')
          await page.locator('form button[type=submit]').click()
          await page.locator('h3').first().waitFor()
          await gateway.call('open.passport.get', { uid: String(user.uid) })
          await gateway.call('web.passport.sendcode', {
            mobile: '12',
            a_rather_long_name: 'x',
            code: '123456',
          })
          await page.locator('code').first().waitFor()
        } else await page.locator('.plot').first().waitFor()
        await expectToFit(page, `console-${place}`, look.language)
        expect(complaints, place).to.deep.equal([])
      }
    })
})
