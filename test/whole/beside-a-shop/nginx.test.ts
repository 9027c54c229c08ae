import { expect } from 'chai'
import { userExists } from '../../../db/users.js'
import { fetchAnswer } from '../../fetch-answer.js'
import { startGateway, type TestGateway, type TestUser } from '../../harness.js'
import { requireProgram } from '../../servers/available.js'
import { onEachDatabase } from '../../servers/databases.js'
import { startShopProxy, type ShopProxy } from '../../servers/shop/nginx.js'
import { freePort } from '../../servers/processes/process.js'
import { type RestOfShop, shopAnswers, startRestOfShop } from '../../servers/shop/rest-of-shop.js'
import { vectorKey } from '../../servers/shop/tokens.js'

/** The rows of account-beside.md §1 in their order, each with paths that it takes. */
const rows: readonly (readonly [row: number, to: 'shop' | 'account', paths: readonly string[]])[] = [
  [1, 'shop', ['/manage/account/userInfo/addVouchers']],
  [2, 'shop', ['/manage/account/userInfo/exportTemp', '/manage/account/userInfo/exportFile']],
  [3, 'shop', ['add', 'edit', 'remove'].map((name) => `/manage/account/userLevel/${name}`)],
  [4, 'account', ['userInfo/list', 'userInfo/importTemp', 'userLevel/list', 'userCompany/list'].map(manage)],
  [5, 'account', ['/front/account/user/info', '/front/account/login/register', '/front/account/x/y']],
  [6, 'account', ['/front/sys/captcha/index', '/h5/front/sys/captcha/index']],
  [7, 'account', ['/front/sys/config/publicKey']],
  [8, 'account', ['/front/sys/config/info']],
  [
    9,
    'shop',
    ['district/tree', 'upload/index', 'config/guide', 'config/getQrcode'].map((path) => `/front/sys/${path}`),
  ],
  [
    10,
    'shop',
    ['cms', 'edu', 'live', 'marketing', 'pay', 'pt', 'shop', 'trade'].map((name) => `/front/${name}/a/b`),
  ],
  [11, 'shop', ['admin/menu/tree', 'sys/config/edit', 'trade/order/list'].map((path) => `/manage/${path}`)],
  [12, 'shop', ['/', '/pc/', '/h5/', '/admin/index.html', '/favicon.ico', '/refreshToken']],
]

function manage(path: string): string {
  return `/manage/account/${path}`
}

onEachDatabase('nginx before both servers, as documented', function (database) {
  let gateway: TestGateway
  let shop: RestOfShop
  let plain: ShopProxy
  let checking: ShopProxy
  let user: TestUser
  before(async function () {
    this.timeout(60_000)
    requireProgram(this, 'nginx')
    gateway = await startGateway(database, {
      SHOP_TOKEN_KEY: vectorKey,
      TRUST_PROXY: '127.0.0.1',
    })
    shop = await startRestOfShop({
      keyText: vectorKey,
      hasUser: (userId) => userExists(gateway.services.db, userId),
      mayManage: () => true,
    })
    const ports = { account: gateway.server.port, shop: shop.port }
    plain = await startShopProxy({ ...ports, checksTokens: false })
    checking = await startShopProxy({ ...ports, checksTokens: true })
    user = await gateway.addUser()
  })
  after(async () => {
    await plain?.stop()
    await checking?.stop()
    await shop?.stop()
    await gateway?.close()
  })

  const through = (proxy: ShopProxy, path: string, init: RequestInit = {}) =>
    fetchAnswer(`${proxy.url}${path}`, init)
  const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } })

  it('splits the paths row by row', async () => {
    for (const proxy of [plain, checking])
      for (const [row, to, paths] of rows)
        for (const path of paths) {
          const seen = shop.calls.length
          const { headers } = await through(proxy, `${path}?verify_key=k`)
          const reached =
            shop.calls.length > seen ? 'shop' : headers.has('x-request-id') ? 'account' : 'nobody'
          expect(reached, `row ${row}: ${path}`).to.equal(to)
        }
  })

  it('leads those who follow a link of a mail to the account server', async () => {
    for (const proxy of [plain, checking])
      for (const page of ['verify-email', 'reset-password']) {
        const { status, text } = await through(proxy, `/${page}?code=made-up`)
        expect(status, page).to.equal(400)
        expect(text).to.include('<html')
      }
  })

  it('asks the account server for the picture that the mobile site wants below its own path', async () => {
    const { status, headers } = await through(plain, '/h5/front/sys/captcha/index?verify_key=k')
    expect([status, headers.get('content-type')]).to.deep.equal([200, 'image/svg+xml'])
  })

  it('passes token, query and body on untouched to both', async () => {
    const token = await user.startSession()
    const query = 'a=%E4%BD%A0+b%2Fc&access_token=x&a=2'
    for (const proxy of [plain, checking]) {
      const body = new URLSearchParams({ text: '你好 & more', perm_key: token })
      const { json } = await through(proxy, `/front/trade/cart/own?${query}`, {
        ...bearer(token),
        method: 'POST',
        body,
      })
      expect(json?.data).to.deep.equal({ server: 'shop', path: '/front/trade/cart/own', user_id: user.uid })
      const call = shop.calls.at(-1)
      expect(call).to.include({
        verb: 'POST',
        target: `/front/trade/cart/own?${query}`,
        body: body.toString(),
      })
      expect(call?.headers).to.include({ authorization: `Bearer ${token}` })
      const own = await through(proxy, '/front/account/user/info', bearer(token))
      expect(own.json?.data).to.include({ user_id: user.uid })
    }
  })

  it('sets X-Forwarded-For itself, so that nobody chooses an address', async () => {
    for (const proxy of [plain, checking]) {
      const forged = { 'X-Forwarded-For': '203.0.113.9', 'X-Real-IP': '203.0.113.9' }
      await through(proxy, '/front/trade/a', { headers: forged })
      expect(shop.calls.at(-1)?.headers).to.include({
        'x-forwarded-for': '127.0.0.1',
        'x-real-ip': '127.0.0.1',
      })
      await through(proxy, '/front/account/user/info', { headers: forged })
      expect(gateway.logLines.at(-1)).to.include('"ip":"127.0.0.1"')
    }
  })

  it('keeps queries out of its log', async () => {
    await through(plain, '/front/account/login/login?user_account=a&password=geheim')
    expect(plain.accessLog()).to.include('GET /front/account/login/login').and.not.include('geheim')
  })

  it('lets a call pass without asking as long as it only splits paths', async () => {
    const token = await user.startSession()
    await through(plain, '/front/account/login/logout', bearer(token))
    const { json } = await through(plain, '/front/trade/cart/own', bearer(token))
    expect(json?.data).to.include({ user_id: user.uid })
  })

  it('asks first in the other variant, and answers for a dead token itself', async () => {
    const token = await user.startSession()
    const ways: readonly (readonly [string, RequestInit])[] = [
      ['/front/trade/cart/own', bearer(token)],
      [
        '/manage/trade/order/edit',
        { ...bearer(token), method: 'POST', body: new URLSearchParams({ a: '1' }) },
      ],
      [`/front/trade/cart/own?a=1&access_token=${token}`, {}],
    ]
    for (const [path, init] of ways)
      expect((await through(checking, path, init)).json?.data, path).to.include({ user_id: user.uid })
    await through(checking, '/front/account/login/logout', bearer(token))
    const seen = shop.calls.length
    for (const [path, init] of ways) {
      const { status, text, headers } = await through(checking, path, init)
      expect(status).to.equal(200)
      expect(text).to.equal(
        '{"status":250,"code":401,"msg":"请退出重新登录","data":null,"error":"TOKEN_BROKEN"}',
      )
      expect(headers.get('content-type')).to.equal('application/json; charset=UTF-8')
      expect(headers.get('cache-control')).to.equal('no-store')
    }
    expect(shop.calls.length).to.equal(seen)
  })

  it('leaves guests and what the shop itself refuses to the shop in the other variant too', async () => {
    expect((await through(checking, '/front/pt/product/list')).json?.data).to.include({ user_id: null })
    expect((await through(checking, '/front/trade/cart/own')).text).to.equal(shopAnswers.signInAgain)
    expect((await through(checking, '/manage/trade/order/list')).status).to.equal(403)
    const asks = await through(checking, '/token-check', bearer('forged'))
    expect(asks.status, 'no client asks by itself').to.equal(404)
  })

  it('lets nobody into the shop while nobody knows who signed out, and everybody in the plain variant', async () => {
    const token = await user.startSession()
    const ports = { account: await freePort(), shop: shop.port }
    for (const [checksTokens, status] of [
      [true, 500],
      [false, 200],
    ] as const) {
      const proxy = await startShopProxy({ ...ports, checksTokens })
      expect((await through(proxy, '/front/trade/cart/own', bearer(token))).status).to.equal(status)
      await proxy.stop()
    }
  })

  it('says the same envelope for a dead token as the account server', async () => {
    const own = await through(checking, '/front/account/userDeliveryAddress/list', bearer('a.b.c'))
    expect((await through(checking, '/front/trade/cart/own', bearer('a.b.c'))).text).to.equal(own.text)
  })
})
