import { expect } from 'chai'
import { setTimeout as sleep } from 'node:timers/promises'
import { saveIpBlock } from '../../../db/ip-blocks.js'
import { updateState } from '../../../db/users.js'
import { startGateway } from '../../harness.js'
import { onEachDatabase } from '../../servers/databases.js'
import { makeOldToken, vectorKey } from '../../servers/shop/tokens.js'
import { prepared, withGateway } from '../../suite.js'

const env = () => ({
  SHOP_TOKEN_KEY: vectorKey,
  SHOP_CUT_OVER: new Date().toISOString(),
  TRUST_PROXY: '127.0.0.1',
})

withGateway('/token-check', env, (gateway) => {
  const user = prepared(beforeEach, () => gateway.addUser())

  const check = (headers: Record<string, string>, init: RequestInit = {}, query = '') =>
    gateway.request(`/token-check${query}`, { ...init, headers })
  const statusFor = async (headers: Record<string, string>) => (await check(headers)).status
  const originally = (query: string) => ({ 'X-Original-URI': `/front/trade/cart/list?${query}` })

  it('answers 204 for a live token and for none, 401 for any other, with nothing else', async () => {
    const token = await user.startSession()
    const answers = [
      await check({ Authorization: `Bearer ${token}` }),
      await check({}),
      await check({ Authorization: 'Bearer a.b.c' }),
    ]
    expect(answers.map(({ status, text }) => `${status}${text}`)).to.deep.equal(['204', '204', '401'])
    for (const { headers } of answers) expect(headers.get('cache-control')).to.equal('no-store')
  })

  it('answers GET and HEAD, and no other verb', async () => {
    const token = await user.startSession()
    for (const [authorization, status] of [
      [token, 204],
      ['forged', 401],
    ] as const)
      for (const method of ['GET', 'HEAD'])
        expect((await check({ Authorization: authorization }, { method })).status, method).to.equal(status)
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await check({ Authorization: token }, { method })
      expect([status, headers.get('allow')], method).to.deep.equal([405, 'GET, HEAD'])
    }
  })

  it('takes the token as the shop does: of the header, cut of `Bearer` in this spelling', async () => {
    const token = await user.startSession()
    for (const header of [token, `Bearer ${token}`, `Bearer${token}`, `Bearer  ${token} `])
      expect(await statusFor({ authorization: header }), header).to.equal(204)
    for (const header of [`bearer ${token}`, `BEARER ${token}`, 'Bearer null', 'undefined', `Basic ${token}`])
      expect(await statusFor({ AUTHORIZATION: header }), header).to.equal(401)
    for (const header of ['', ' ', 'Bearer', 'Bearer '])
      expect(await statusFor({ Authorization: header })).to.equal(204)
  })

  it('takes it of access_token in what the client asked for only where the header is blank', async () => {
    const token = await user.startSession()
    expect(await statusFor(originally(`a=1&access_token=${token}`))).to.equal(204)
    expect(await statusFor({ Authorization: ' ', ...originally('access_token=forged') })).to.equal(401)
    expect(await statusFor({ Authorization: token, ...originally('access_token=forged') })).to.equal(204)
    expect(await statusFor({ Authorization: 'forged', ...originally(`access_token=${token}`) })).to.equal(401)
    expect(await statusFor(originally('access_token='))).to.equal(204)
    for (const query of ['perm_key=forged', 'Access_Token=forged'])
      expect(await statusFor(originally(query))).to.equal(204)
    expect(await statusFor({ ...originally(''), Cookie: 'access_token=forged; perm_key=forged' })).to.equal(
      204,
    )
    expect((await check({}, {}, '?access_token=forged')).status, 'of a proxy that sends no header').to.equal(
      401,
    )
  })

  it('answers 401 once the session has ended, while the user is locked, and when he is gone', async () => {
    const { db, sessions } = gateway.services
    const [ended, kept] = [await user.startSession(), await user.startSession()]
    const statusOf = (token: string) => statusFor({ Authorization: token })
    expect([await statusOf(ended), await statusOf(kept)]).to.deep.equal([204, 204])
    await gateway.request(`/front/account/login/logout?access_token=${ended}`)
    expect([await statusOf(ended), await statusOf(kept)]).to.deep.equal([401, 204])
    const change = async (work: () => Promise<unknown>) => {
      await work()
      sessions.forget(user.uid)
      return statusOf(kept)
    }
    expect(await change(() => updateState(db, user.uid, 0))).to.equal(401)
    expect(await change(() => updateState(db, user.uid, 1))).to.equal(204)
    expect(await change(() => db('account_user_base').where({ user_id: user.uid }).delete())).to.equal(401)
  })

  it('knows tokens that the shop issued before the cut-over', async () => {
    const iat = Math.floor(Date.now() / 1000) - 600
    const token = makeOldToken(vectorKey, { userId: user.uid, userSalt: '', iat })
    expect(await statusFor({ Authorization: token })).to.equal(204)
    await gateway.request(`/front/account/login/logout?access_token=${token}`)
    expect(await statusFor({ Authorization: token })).to.equal(401)
  })

  it('reads nothing of the database for a token that was seen a moment ago', async () => {
    const token = await user.startSession()
    await statusFor({ Authorization: token })
    let statements = 0
    // The server reads applications and blocks every few seconds by itself.
    const count = ({ sql }: { sql: string }) => void (statements += Number(/user/.test(sql)))
    gateway.db.on('query', count)
    for (let time = 0; time < 20; time++) expect(await statusFor({ Authorization: token })).to.equal(204)
    gateway.db.removeListener('query', count)
    expect(statements).to.equal(0)
  })

  it('is counted by its outcome and leaves no line in the access log', async () => {
    const before = gateway.logLines.length
    await statusFor({ Authorization: 'forged' })
    const { text } = await gateway.request('/metrics', { headers: { Host: '127.0.0.1' } })
    expect(text).to.match(/^gateway_token_checks_total\{outcome="dead"\} \d+$/m)
    expect(text).to.match(/^gateway_token_checks_total\{outcome="none"\} \d+$/m)
    expect(text).to.match(/^gateway_token_checks_total\{outcome="live"\} \d+$/m)
    expect(gateway.logLines.slice(before)).to.deep.equal([])
  })
})

onEachDatabase('/token-check under attack or without a database', (database) => {
  it('refuses blocked addresses and floods, and lets no call pass unchecked', async () => {
    const gateway = await startGateway(database, { TRUST_PROXY: '127.0.0.1', LIMIT_IP_SCALE: '0.001' })
    gateway.clock.freeze(Date.now())
    const statusFrom = async (address: string, token = '') =>
      (
        await gateway.request('/token-check', {
          headers: { 'X-Forwarded-For': address, Authorization: token },
        })
      ).status
    for (let time = 0; time < 20; time++) expect(await statusFrom('203.0.113.7')).to.equal(204)
    expect(await statusFrom('203.0.113.7')).to.equal(429)
    expect(await statusFrom('203.0.113.8')).to.equal(204)
    const block = { address: '203.0.113.6', reason: '', created_at: 0, expires_at: null }
    await saveIpBlock(gateway.db, block)
    // Nodes look every two seconds.
    await sleep(2500)
    expect(await statusFrom('203.0.113.6')).to.equal(403)
    const token = await (await gateway.addUser()).startSession()
    await gateway.db.destroy()
    expect(await statusFrom('203.0.113.9', token)).to.be.within(500, 503)
    await gateway.close()
  })
})
