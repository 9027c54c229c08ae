import { expect } from 'chai'
import { userExists } from '../../../db/users.js'
import type { TestUser } from '../../harness.js'
import { createAccountClient, tokenOf } from '../../methods/front/account/account-client.js'
import { onEachDatabase } from '../../servers/databases.js'
import { type RestOfShop, shopAnswers, startRestOfShop } from '../../servers/shop/rest-of-shop.js'
import { makeOldToken, vectorKey } from '../../servers/shop/tokens.js'
import { useGateway } from '../../suite.js'

onEachDatabase('one token at the account server and at the rest of the shop', (database) => {
  const gateway = useGateway(database, {
    SHOP_TOKEN_KEY: vectorKey,
    SHOP_CUT_OVER: new Date().toISOString(),
  })
  let shop: RestOfShop
  let user: TestUser
  const client = createAccountClient(gateway)
  before(async () => {
    shop = await startRestOfShop({
      keyText: vectorKey,
      hasUser: (userId) => userExists(gateway.services.db, userId),
      mayManage: (userId, path) => userId === user.uid && path === '/manage/trade/order/list',
      now: () => gateway.clock.now(),
    })
  })
  after(() => shop?.stop())
  beforeEach(async () => {
    user = await gateway.addUser({ mobile: '13912345678' })
  })
  afterEach(() => gateway.services.db('user_identity').delete())

  const atShop = async (token: string, path = '/front/trade/cart/own') => {
    const response = await fetch(`${shop.url}${path}`, { headers: { Authorization: `Bearer ${token}` } })
    return { text: await response.text(), status: response.status, headers: response.headers }
  }
  const isKnownAtShop = async (token: string) => (await atShop(token)).text.includes(`"user_id":${user.uid}}`)
  const checkOf = async (token: string) =>
    (await gateway.request('/token-check', { headers: { Authorization: `Bearer ${token}` } })).status
  const signIn = async () => {
    const fields = { user_account: '13912345678', password: user.password }
    return tokenOf(await client.post('login/login', fields))
  }

  it('is accepted by the shop after a sign-in, by password and by code, and after a registration', async () => {
    expect(await isKnownAtShop(await signIn())).to.equal(true)
    const verify_code = await client.receiveCode('13912345678')
    const byCode = await client.post('login/doSmsLogin', { verify_key: '13912345678', verify_code })
    expect(await isKnownAtShop(tokenOf(byCode))).to.equal(true)
    const fields = { bind_type: '3', user_account: `new${Date.now()}`, password: 'a password' }
    const picture = { verify_key: await client.drawPicture(), verify_code: 'pict' }
    const registered = await client.post('login/register', { ...fields, ...picture })
    expect((await atShop(tokenOf(registered))).text).to.match(/"user_id":\d+\}/)
  })

  it('opens there what the permissions of its user open, and no more', async () => {
    const token = await signIn()
    expect((await atShop(token, '/manage/trade/order/list')).text).to.include(`"user_id":${user.uid}}`)
    expect((await atShop(token, '/manage/trade/order/edit')).text).to.equal(shopAnswers.forbidden)
  })

  it('is accepted there when it was refreshed here', async () => {
    const token = await signIn()
    gateway.clock.advance(24 * 3_600_000 - 20 * 60_000)
    const answer = await client.get('userDeliveryAddress/list', {}, token)
    const fresh = answer.headers.get('authorization') ?? ''
    expect(await isKnownAtShop(fresh)).to.equal(true)
    const claimsOf = (text: string) =>
      JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString())
    expect(claimsOf(fresh).jti).to.equal(claimsOf(token).jti)
    expect(claimsOf(fresh).exp).to.be.above(claimsOf(token).exp)
    gateway.clock.advance(3_600_000)
    expect((await atShop(token)).text).to.equal(shopAnswers.expired)
    expect(await isKnownAtShop(fresh)).to.equal(true)
    expect([await checkOf(token), await checkOf(fresh)]).to.deep.equal([401, 204])
    await client.post('login/logout', {}, fresh)
    expect(await checkOf(fresh)).to.equal(401)
  })

  it('that the shop refreshed itself has no session, and does not count here', async () => {
    const token = await signIn()
    gateway.clock.advance(24 * 3_600_000 - 20 * 60_000)
    const { headers } = await atShop(token)
    const fresh = headers.get('authorization') ?? ''
    expect(await isKnownAtShop(fresh)).to.equal(true)
    expect(await checkOf(fresh)).to.equal(401)
    expect((await client.get('userDeliveryAddress/list', {}, fresh)).json).to.include({ code: 401 })
  })

  it('is dead for the check path once its user signed out here, and lives on at the shop unless that is asked', async () => {
    const token = await signIn()
    expect(await checkOf(token)).to.equal(204)
    await client.post('login/logout', {}, token)
    expect(await checkOf(token)).to.equal(401)
    expect(await isKnownAtShop(token)).to.equal(true)
  })

  it('of before the move is accepted by both, without a salt of the user in any of ours', async () => {
    const iat = Math.floor((gateway.services.config.shopTokens?.cutOver ?? 0) / 1000) - 60
    const old = makeOldToken(vectorKey, { userId: user.uid, userSalt: 'any', iat })
    gateway.clock.freeze((iat + 120) * 1000)
    expect(await isKnownAtShop(old)).to.equal(true)
    expect(await checkOf(old)).to.equal(204)
    const [, payload = ''] = (await user.startSession()).split('.')
    expect(JSON.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()).sub)).to.include({
      userSalt: '',
    })
  })
})
