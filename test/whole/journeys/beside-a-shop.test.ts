import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { connect } from '../../../db/connect.js'
import { userExists } from '../../../db/users.js'
import { startGateway, type TestGateway } from '../../harness.js'
import { requireProgram } from '../../servers/available.js'
import { type TestBrowser, shareChromium } from '../../servers/chromium.js'
import { onEmptyMariadb } from '../../servers/databases.js'
import { makeOldShop } from '../../servers/old-shop/old-shop.js'
import { type ShopProxy, startShopProxy } from '../../servers/shop/nginx.js'
import { type RestOfShop, startRestOfShop } from '../../servers/shop/rest-of-shop.js'
import { vectorKey } from '../../servers/shop/tokens.js'

const customer = { user_id: 10002, user_account: 'first', password: 'abc123', nickname: '老王' }
const friend = { user_id: 10003, user_account: 'second', password: 'abc124' }
const cart = '/front/trade/cart/own'
const signedOut = {
  status: 250,
  code: 401,
  msg: '请退出重新登录',
  data: null,
  error: 'TOKEN_BROKEN',
}

interface Answer {
  readonly status: number
  readonly code: number
  readonly data: Readonly<Record<string, unknown>> | null
}

onEmptyMariadb('a customer of an adopted shop, in a browser before nginx', function (database) {
  this.timeout(120_000)
  let gateway: TestGateway
  let shop: RestOfShop
  let plain: ShopProxy
  let checking: ShopProxy
  let browser: TestBrowser
  before(async function () {
    requireProgram(this, 'nginx')
    browser = await shareChromium(this)
    const db = connect({ kind: 'mysql', url: database.url })
    await makeOldShop(db, [customer, friend])
    await db.destroy()
    gateway = await startGateway(database, { SHOP_TOKEN_KEY: vectorKey, TRUST_PROXY: '127.0.0.1' })
    shop = await startRestOfShop({ keyText: vectorKey, hasUser: (userId) => userExists(gateway.db, userId) })
    const ports = { account: gateway.server.port, shop: shop.port }
    plain = await startShopProxy({ ...ports, checksTokens: false })
    checking = await startShopProxy({ ...ports, checksTokens: true })
  })
  after(async () => {
    await browser?.stop()
    await plain?.stop()
    await checking?.stop()
    await shop?.stop()
    await gateway?.close()
  })

  async function visit(proxy: ShopProxy): Promise<Page> {
    const page = await browser.open({ size: 'desktop' })
    await page.goto(`${proxy.url}/pc/`)
    return page
  }

  async function signIn(page: Page, { user_account, password }: typeof friend): Promise<void> {
    await page.fill('[name=user_account]', user_account)
    await page.fill('[name=password]', password)
    await page.click('text=登录')
    await page.waitForSelector('#member:not([hidden])')
  }

  /** A call as the site's own code makes it. */
  const call = (page: Page, verb: 'GET' | 'POST', path: string, fields: Record<string, string> = {}) =>
    page.evaluate<Answer>(`api(${[verb, path, fields].map((part) => JSON.stringify(part)).join(', ')})`)

  async function expectAtShop(page: Page, user_id: number | null): Promise<void> {
    const answer = await call(page, 'GET', cart)
    expect(answer).to.include({ status: 200, code: 0 })
    expect(answer.data).to.deep.equal({ server: 'shop', path: cart, user_id })
  }

  const isAtLogin = (page: Page) => page.isVisible('#login')

  it('signs in, changes profile and address, and is known to the rest of the shop by the same token', async () => {
    for (const proxy of [plain, checking]) {
      const page = await visit(proxy)
      await signIn(page, customer)
      expect(await page.textContent('#nickname')).to.match(/^老王/)
      const user_nickname = `老王${proxy === plain ? 2 : 3}`
      const edited = await call(page, 'POST', '/front/account/user/edit', { user_nickname })
      expect(edited).to.include({ status: 200 })
      const address = {
        ud_name: '王',
        ud_mobile: '13900000001',
        ud_address: '中山路 1 号',
        ud_is_default: '1',
      }
      expect(await call(page, 'POST', '/front/account/userDeliveryAddress/add', address)).to.include({
        status: 200,
      })
      const { data: list } = await call(page, 'GET', '/front/account/userDeliveryAddress/list')
      expect(list?.['items']).to.have.nested.property('[0].ud_address', '中山路 1 号')
      await expectAtShop(page, customer.user_id)
      await page.reload()
      await page.waitForSelector('#member:not([hidden])')
      expect(await page.textContent('#nickname')).to.equal(user_nickname)
      await expectAtShop(page, customer.user_id)
    }
  })

  it('sees a message in the moment it is sent, through both proxies', async () => {
    for (const proxy of [plain, checking]) {
      const [page, other] = [await visit(proxy), await visit(proxy)]
      await signIn(page, customer)
      await signIn(other, friend)
      const message_content = `发货了 ${proxy === plain ? 1 : 2}`
      const message = { user_other_id: String(customer.user_id), message_content }
      expect(await call(other, 'POST', '/front/account/userMessage/add', message)).to.include({ status: 200 })
      await page.waitForSelector(`#messages li:text("${message_content}")`, { timeout: 5000 })
    }
  })

  it('signs out in one tab, and the other is signed out of the shop by the proxy that checks tokens', async () => {
    const page = await visit(checking)
    await signIn(page, customer)
    const tab = await page.context().newPage()
    await tab.goto(`${checking.url}/pc/`)
    await tab.waitForSelector('#member:not([hidden])')
    await expectAtShop(tab, customer.user_id)
    await page.click('text=退出')
    await page.waitForSelector('#login:not([hidden])')
    const seen = shop.calls.length
    expect(await call(tab, 'GET', cart)).to.deep.equal(signedOut)
    expect(shop.calls.length).to.equal(seen)
    expect(await isAtLogin(tab)).to.equal(true)
    await signIn(tab, customer)
    await expectAtShop(tab, customer.user_id)
  })

  it('stays known to the shop until the token expires where the proxy only splits paths', async () => {
    const page = await visit(plain)
    await signIn(page, customer)
    const tab = await page.context().newPage()
    await tab.goto(`${plain.url}/pc/`)
    await tab.waitForSelector('#member:not([hidden])')
    await page.click('text=退出')
    await page.waitForSelector('#login:not([hidden])')
    await expectAtShop(tab, customer.user_id)
    expect(await call(tab, 'GET', '/front/account/userDeliveryAddress/list')).to.deep.equal(signedOut)
    expect(await isAtLogin(tab)).to.equal(true)
  })
})
