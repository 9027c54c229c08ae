import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { storeUpload } from '../../../methods/rules/uploads/uploads.js'
import { bringSession, consoleSession, type TestConsole } from '../../console.js'
import { startGateway, type TestGateway } from '../../harness.js'
import { isAlive } from '../../methods/manage/account/administrators.js'
import { type NewWindow, overflowOf, shareChromium, type SharedBrowser } from '../../servers/chromium.js'
import { onEachDatabase } from '../../servers/databases.js'
import { hostileMessages } from './hostile-messages.js'
import { expectToFit, looks, moveTo } from './looks.js'

/** Shown where a picture of a certificate is wanted. */
const picture = readFileSync('docs/pictures/console-phone.png')
const longName = '阿卜杜勒·热合曼·买买提·吐尔逊·库尔班·艾合买提江·伊敏·木合塔尔·巴拉提·玉素甫先生'

onEachDatabase('the users in the console', function (database) {
  // Its pages do not know which database there is.
  if (database.kind !== 'sqlite') return
  this.timeout(180_000)
  let browser: SharedBrowser
  let gateway: TestGateway
  let admin: TestConsole
  before(async function () {
    browser = await shareChromium(this)
    gateway = await startGateway(database, { CONSOLE: 'on', UPLOADS: 'on' })
    admin = await consoleSession(gateway)
  })
  afterEach(() => browser.freePages())
  after(async () => {
    await browser?.stop()
    await gateway?.close()
  })

  /** A page of the console of somebody who is signed in, and what it asked for elsewhere, ran or complained of. */
  async function open(
    hash: string,
    { cookie = admin.cookie, ...window }: Partial<NewWindow> & { readonly cookie?: string } = {},
  ) {
    const page = await browser.open({ size: 'desktop', language: 'en-US', ...window })
    const complaints: string[] = []
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('dialog', (dialog) => {
      complaints.push(`ran ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('request', (request) => {
      if (!request.url().startsWith(`${gateway.url}/`)) complaints.push(request.url())
    })
    await bringSession(page, gateway, cookie)
    await page.goto(`${gateway.url}/console${hash}`)
    return { page, complaints }
  }

  const signIn = async (name: string, password: string) => {
    const body = new URLSearchParams({ user_account: name, password })
    return (await gateway.request('/front/account/login/login', { method: 'POST', body })).json
  }
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
  const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true }).first()
  const isDone = (page: Page, what: string) =>
    page
      .getByRole('status')
      .filter({ hasText: `Done: ${what}` })
      .waitFor()

  async function addWaiting(nickname: string): Promise<number> {
    const { uid } = await gateway.addUser({ nickname })
    const { file_name: name } = await storeUpload(gateway.services, uid, picture)
    await gateway
      .db('account_user_info')
      .where({ user_id: uid })
      .update({
        user_realname: '李四',
        user_idcard: '1****************X',
        user_idcard_images: `http://passport.test/uploads/${name},https://img.example.com/back.png`,
        user_is_authentication: 1,
      })
    const submitted_at = Date.UTC(2026, 4, 1)
    await gateway.db('user_certificate').insert({ user_id: uid, sealed_idcard: 'sealed', submitted_at })
    return uid
  }

  it('answer a support case by clicks alone', async () => {
    const mobile = '13912345678'
    const user = await gateway.addUser({ nickname: '张三', mobile })
    await signIn(mobile, 'a wrong one')
    await signIn(mobile, 'another wrong one')
    await gateway.services.signInRecords.flush()
    await gateway.db('account_user_base').where({ user_id: user.uid }).update({ user_locked: 1 })
    await gateway.db('account_user_info').where({ user_id: user.uid }).update({ user_state: 0 })

    const { page, complaints } = await open('')
    await page.getByRole('link', { name: 'Users', exact: true }).click()
    await page.getByRole('searchbox').fill(mobile)
    await button(page, 'Find').click()
    await page.getByRole('link', { name: '张三' }).click()
    const why = region(page, 'Why this user could not sign in')
    await why.getByText('The user is locked.').waitFor()
    await why.getByText('Wrong passwords were tried. 2 times.').waitFor()
    expect(await why.getByText('wrong password', { exact: true }).count()).to.equal(2)

    await button(page, 'Unlock').click()
    await isDone(page, 'Unlock')
    await button(page, 'Clear wrong passwords').click()
    await isDone(page, 'Clear wrong passwords')
    await why.getByText('Nothing that the server knows of').waitFor()
    const answer = await signIn(mobile, user.password)
    expect(answer).to.include({ code: 0, status: 200 })
    const { token } = (answer?.data ?? {}) as { token: string }

    await page.reload()
    await page.getByRole('button', { name: /^End: / }).click()
    await isDone(page, 'End')
    expect(await isAlive(gateway, token)).to.equal(false)
    const audit = region(page, 'Audit of this user')
    await audit.getByText('manage.account.userSession.revoke').waitFor()
    await audit.getByText('manage.account.user.edit').waitFor()
    await audit.getByText('user_state 0 -> 1').waitFor()
    await audit.getByText('manage.console.user.clearFailures').waitFor()
    expect(await audit.getByText('manage.console.user.get').count()).to.be.above(1)
    expect(complaints).to.deep.equal([])
  })

  it('review certificates that wait, with their pictures', async () => {
    const failing = await addWaiting('不清楚的照片')
    const passing = await addWaiting('清楚的照片')
    const { page, complaints } = await open('')
    await page.getByRole('link', { name: 'Certificates' }).click()
    const card = (uid: number) =>
      page.getByRole('region').filter({ has: page.getByRole('heading', { name: String(uid) }) })
    const shown = card(failing).getByRole('img')
    await shown.waitFor()
    const unseen = '[...document.images].filter(({ naturalWidth }) => naturalWidth === 0).length'
    while ((await page.evaluate<number>(unseen)) > 0) await page.waitForTimeout(50)
    expect(
      await card(failing)
        .getByRole('link', { name: /another server/ })
        .getAttribute('rel'),
    ).to.include('noreferrer')
    const fail = page.getByRole('button', { name: `Fail: ${failing}` })
    expect(await fail.isDisabled()).to.equal(true)
    await card(failing).getByLabel('Note for the user').fill('照片不清楚')
    await fail.click()
    await isDone(page, `Fail · ${failing}`)
    await page.getByRole('button', { name: `Pass: ${passing}` }).click()
    await page.getByText('No certificate waits.').waitFor()
    const { db } = gateway
    const states = await db('account_user_info')
      .whereIn('user_id', [failing, passing])
      .orderBy('user_id')
      .pluck('user_is_authentication')
    expect(states).to.deep.equal([3, 2])
    const notes = await db('user_certificate')
      .whereIn('user_id', [failing, passing])
      .orderBy('user_id')
      .pluck('review_note')
    expect(notes).to.deep.equal(['照片不清楚', ''])
    expect(complaints).to.deep.equal([])
  })

  it('lock, send a reset, unbind and end all sessions, and ask before what is grave', async () => {
    const email = 'acts@example.com'
    const user = await gateway.addUser({ nickname: 'acts', mobile: '13912345679', email })
    const token = await user.startSession()
    const { page, complaints } = await open(`#/users/${user.uid}`)
    await button(page, 'Send a reset by e-mail').click()
    await isDone(page, 'Send a reset by e-mail')
    expect(await gateway.lastMailToken(email)).to.not.equal('')
    await button(page, 'End all sessions').click()
    await button(page, 'No').click()
    expect(await isAlive(gateway, token)).to.equal(true)
    await button(page, 'End all sessions').click()
    await button(page, 'Yes').click()
    await isDone(page, 'End all sessions')
    expect(await isAlive(gateway, token)).to.equal(false)
    await button(page, 'Unbind: E-mail').click()
    await button(page, 'Yes').click()
    await isDone(page, 'Unbind')
    await button(page, 'Unbind: E-mail').waitFor({ state: 'detached' })
    await button(page, 'Lock').click()
    await button(page, 'Yes').click()
    await isDone(page, 'Lock')
    await region(page, 'Why this user could not sign in').getByText('The user is locked.').waitFor()
    expect(complaints).to.deep.equal([])
  })

  it('get another level and other tags', async () => {
    const { db } = gateway
    const [group = 0] = await db('account_user_tag_group').insert({ tag_group_name: '来源' })
    const [tag = 0] = await db('account_user_tag_base').insert({ tag_title: '展会', tag_group_id: group })
    const user = await gateway.addUser({ nickname: 'level' })
    const { page, complaints } = await open(`#/users/${user.uid}`)
    const save = button(page, 'Save: Level and tags')
    await save.waitFor()
    expect(await save.isDisabled()).to.equal(true)
    await page.getByLabel('Level', { exact: true }).selectOption('vip3')
    await page.getByLabel('展会').check()
    await save.click()
    await isDone(page, 'Save')
    await region(page, 'Profile').getByText('展会').waitFor()
    const info = await db('account_user_info').where({ user_id: user.uid }).first('user_level_id', 'tag_ids')
    expect(info).to.deep.equal({ user_level_id: 1003, tag_ids: String(tag) })
    expect(complaints).to.deep.equal([])
  })

  it('are used by the keyboard alone', async () => {
    const user = await gateway.addUser({ nickname: 'keyboard' })
    await gateway.db('account_user_info').where({ user_id: user.uid }).update({ user_state: 0 })
    await gateway.db('account_user_base').where({ user_id: user.uid }).update({ user_locked: 1 })
    const { page } = await open('#/users')
    const press = async (reach: string) => {
      for (let at = 0; at < 60; at++) {
        await page.keyboard.press('Tab')
        const name = await page.evaluate<string>(
          "document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''",
        )
        if (name === reach) return page.keyboard.press('Enter')
      }
      throw new Error(`${reach} is not reached by the tabulator`)
    }
    await page.getByRole('searchbox').focus()
    await page.keyboard.type('keyb')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'keyboard' }).waitFor()
    await press('keyboard')
    await button(page, 'Unlock').waitFor()
    await press('Unlock')
    await isDone(page, 'Unlock')
  })

  it('show only what the role includes', async () => {
    const user = await gateway.addUser({ nickname: 'role', mobile: '13912345670' })
    const paths = ['/manage/console/user/list', '/manage/console/user/get']
    const looking = await consoleSession(gateway, { paths })
    const { page, complaints } = await open(`#/users/${user.uid}`, looking)
    await region(page, 'Profile').waitFor()
    for (const name of ['Lock', 'End all sessions', 'Clear wrong passwords', 'Unbind: Number'])
      expect(await button(page, name).count(), name).to.equal(0)
    expect(await page.getByRole('heading', { name: 'Audit of this user' }).count()).to.equal(0)
    expect(await page.getByRole('link', { name: 'Certificates' }).count()).to.equal(0)
    await page.goto(`${gateway.url}/console#/certificates`)
    await page.getByText('Your role does not include this page').waitFor()
    expect(complaints).to.deep.equal([])
  })

  it('say that nobody is found, that the server is slow or fails, and that there is no such user', async () => {
    const { page } = await open('#/users')
    await page.getByRole('searchbox').fill('nobody is called so')
    await button(page, 'Find').click()
    await page.getByText('Nobody has this id').waitFor()
    await page.route('**/manage/console/user/list', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 6000))
      await route.abort()
    })
    await page.getByRole('searchbox').fill('again')
    await button(page, 'Find').click()
    await page.getByText('The server takes long to answer.').waitFor()
    await page.getByText('This could not be read').waitFor()
    await page.unroute('**/manage/console/user/list')
    await button(page, 'Try again').click()
    await page.getByText('Nobody has this id').waitFor()
    await page.goto(`${gateway.url}/console#/users/404404`)
    await page.getByText('There is no such user.').waitFor()
  })

  for (const look of looks)
    it(`fit windows of each size in ${look.language}${look.isDark ? ', dark' : ''}, without a serious flaw for anybody`, async () => {
      const { db } = gateway
      for (const nickname of ['李雷', 'Han Meimei', longName])
        await gateway.addUser({
          nickname,
          mobile: mobileOf(),
          email: `${mobileOf()}@a-rather-long-domain-name.example.com`,
        })
      const mobile = mobileOf()
      const uid = await addWaiting(longName)
      await db('account_user_info').where({ user_id: uid }).update({ user_mobile: mobile })
      const identity = {
        kind: 'mobile',
        value: `+86${mobile}`,
        user_id: uid,
        verified_at: Date.now(),
        created_at: 1,
      } as const
      await db('user_identity').insert(identity)
      await signIn(mobile, 'right password')
      for (let at = 0; at < 6; at++) await signIn(mobile, 'a wrong one')
      await gateway.services.signInRecords.flush()
      const places = { users: 'users', user: `users/${uid}`, certificates: 'certificates' }
      const { page, complaints } = await open('#/users', look)
      await page.locator('main.wide').waitFor()
      for (const [place, hash] of Object.entries(places)) {
        await moveTo(page, `${gateway.url}/console`, hash)
        await page
          .locator(place === 'users' ? 'tbody a' : 'h3')
          .first()
          .waitFor()
        // Asked by a locator: a function of the page would be text to run, which its policy forbids.
        await page.locator('.mantine-Loader-root').first().waitFor({ state: 'detached' })
        await expectToFit(page, `console-${place}`, `${look.language}-${look.isDark ? 'dark' : 'light'}`)
        await page.setViewportSize({ width: 390, height: 800 })
        expect(await overflowOf(page), `${place} narrow`).to.equal(0)
        expect(complaints, place).to.deep.equal([])
      }
    })

  it('run nothing of what users write, wherever it is shown', async () => {
    const { db, clock } = gateway
    for (const nickname of hostileMessages) await gateway.addUser({ nickname })
    const all = hostileMessages.join('\n')
    const user = await gateway.addUser({ nickname: all })
    const [tag = 0] = await db('account_user_tag_base').insert({ tag_title: all, tag_group_id: 1 })
    const [level = 0] = await db('account_user_level').insert({ user_level_name: all })
    await db('account_user_base')
      .where({ user_id: user.uid })
      .update({ user_account: all, user_password: '' })
    await db('account_user_info')
      .where({ user_id: user.uid })
      .update({
        user_avatar: 'javascript:alert(1)',
        user_email: all,
        user_mobile: all,
        user_realname: all,
        user_idcard_images: hostileMessages.map((text) => text.replaceAll(',', '')).join(','),
        user_is_authentication: 1,
        user_level_id: level,
        tag_ids: String(tag),
      })
    await db('user_certificate').insert({
      user_id: user.uid,
      sealed_idcard: '',
      submitted_at: 1,
      review_note: all,
    })
    await db('user_identity').insert({
      kind: 'email',
      value: all,
      user_id: user.uid,
      verified_at: 1,
      created_at: 1,
    })
    const bound = { user_id: user.uid, bind_id: all, bind_openid: all, bind_nickname: all, bind_time: 1 }
    await db('account_user_bind_connect').insert([
      { ...bound, bind_type: 2 },
      { ...bound, bind_type: 15 },
    ])
    await db('user_session').insert({
      token_id: all,
      user_id: user.uid,
      generation: 0,
      app_name: all,
      ip: all,
      created_at: 1,
      expires_at: clock.now() + 60_000,
      revoked_at: null,
    })
    await db('account_user_login_history').insert({
      user_id: user.uid,
      user_login_ip: all,
      user_login_time: 5,
    })
    await db('login_failure').insert({
      subject: `${user.uid}/mobile|${all}`,
      failures: 9,
      blocked_until: 0,
      expires_at: clock.now() + 60_000,
    })
    const entry = {
      action: all,
      outcome: all,
      actor: all,
      ip: all,
      detail: all,
      actor_id: 1,
      target_id: user.uid,
    }
    await db('audit_entry').insert({ ...entry, happened_at: clock.now() })

    const { page, complaints } = await open('#/users')
    const expectHarmless = async (where: string) => {
      const selector =
        'script:not([src]), iframe, object, embed, base, meta[http-equiv], svg a, math, video, audio, [onerror], [onload], [onclick], [onfocus], [href^="javascript:" i], [src*="evil.example"], [href*="evil.example"]'
      const found = await page.evaluate<string[]>(
        `[...document.querySelectorAll(${JSON.stringify(selector)})].map(({ outerHTML }) => outerHTML)`,
      )
      expect(found, where).to.deep.equal([])
      expect(complaints, where).to.deep.equal([])
    }
    const seen = new Set<string>()
    for (;;) {
      await page.getByRole('table').waitFor()
      for (const text of await page.locator('tbody a').allTextContents()) seen.add(text)
      await expectHarmless('list')
      const next = button(page, 'Next page')
      if ((await next.count()) === 0) break
      const first = await page.locator('tbody a').first().getAttribute('href')
      await next.click()
      await page.locator(`tbody tr:first-child a:not([href="${first}"])`).waitFor()
    }
    for (const text of hostileMessages) expect(seen.has(text), text).to.equal(true)
    await page.goto(`${gateway.url}/console#/users/${user.uid}`)
    await region(page, 'Audit of this user').getByRole('table').waitFor()
    await expectHarmless('user')
    await page.goto(`${gateway.url}/console#/certificates`)
    await page.getByRole('heading', { level: 3 }).first().waitFor()
    await expectHarmless('certificates')
    await db('account_user_info').where({ user_id: user.uid }).update({ user_is_authentication: 0 })
  })
})

let lastMobile = 13_700_000_000
/** A number that nobody has yet. */
function mobileOf(): string {
  lastMobile++
  return String(lastMobile)
}
