import { expect } from 'chai'
import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { transaction } from '../../../../db/transaction.js'
import { deleteExpiredRows } from '../../../../db/expired-rows.js'
import { updateState } from '../../../../db/users.js'
import { findCredentials } from '../../../../db/credentials.js'
import { createCache } from '../../../../gateway/services/cache.js'
import { createSessions } from '../../../../gateway/services/sign-in/sessions.js'
import { done, doneWith, failed, refusal } from '../../../answers.js'
import type { TestUser } from '../../../harness.js'
import { openMessages } from '../../../methods/front/account/userMessage/stream-client.js'
import { addAdmin } from '../../../methods/manage/account/administrators.js'
import { until } from '../../../servers/event-client.js'
import { makeOldToken, type OldTokenClaims, signClaims, vectorKey } from '../../../servers/shop/tokens.js'
import { withGateway } from '../../../suite.js'

const cutOver = 1_800_000_000
const salt = '0123456789abcdef0123456789abcdef'
const day = 86_400
const broken = refusal(401, '请退出重新登录', 'TOKEN_BROKEN')
const expired = refusal(401, '登录已过期', 'TOKEN_EXPIRED')

const env = { SHOP_TOKEN_KEY: vectorKey, SHOP_CUT_OVER: new Date(cutOver * 1000).toISOString() }

withGateway('tokens that an old shop issued', env, (gateway) => {
  let user: TestUser
  beforeEach(async () => {
    gateway.clock.freeze(cutOver * 1000)
    user = await addOldUser()
  })

  /** A user whose hash the shop made. */
  async function addOldUser(): Promise<TestUser> {
    const added = await gateway.addUser()
    await gateway
      .db('account_user_base')
      .where({ user_id: added.uid })
      .update({ user_password: hash('md5', added.password + salt), user_salt: salt })
    return added
  }
  const tokenWith = (claims: Partial<OldTokenClaims> = {}) =>
    makeOldToken(vectorKey, { userId: user.uid, userSalt: salt, iat: cutOver - 3600, ...claims })
  const request = (path: string, token: string) =>
    gateway.request(path, { headers: { Authorization: `Bearer ${token}` } })
  const callWith = (token: string) => request('/front/account/userDeliveryAddress/list', token)
  const statusOf = async (token: string) => {
    const { json, text } = await callWith(token)
    return json?.['status'] === 200 ? 'believed' : text
  }

  it('are believed as the users they name, by every way that tokens come', async () => {
    const token = tokenWith()
    const { json } = await request('/front/account/user/info', token)
    expect(json?.data).to.include({ user_id: user.uid })
    for (const query of [`access_token=${token}`, `perm_key=${token}`])
      expect((await gateway.request(`/front/account/user/info?${query}`)).json?.data).to.include({
        user_id: user.uid,
      })
    expect(await statusOf(tokenWith({ iat: cutOver - 1 }))).to.equal('believed')
  })

  it('are broken when they were issued at the cut-over or later', async () => {
    expect(await statusOf(tokenWith({ iat: cutOver }))).to.equal(broken)
    expect(await statusOf(tokenWith({ iat: cutOver + 60 }))).to.equal(broken)
  })

  it('hold a stream open like any other, and end it with them', async function () {
    this.timeout(40_000)
    const ways: Readonly<Record<string, (token: string) => Promise<unknown>>> = {
      'a logout': (token) => request('/front/account/login/logout', token),
      'a lock': () => updateState(gateway.db, user.uid, 0),
      'a password that the shop changed': () =>
        gateway
          .db('account_user_base')
          .where({ user_id: user.uid })
          .update({ user_salt: 'f'.repeat(32) }),
      'the end of the move': async () => gateway.clock.freeze((cutOver + day) * 1000),
    }
    const opened = []
    for (const [name, endIt] of Object.entries(ways)) {
      user = await addOldUser()
      const token = tokenWith({ exp: cutOver + 2 * day })
      opened.push({ name, token, user, endIt, stream: await openMessages(gateway, token) })
    }
    // Two looks at who is alive.
    await sleep(7000)
    for (const { name, stream } of opened) expect(stream.hasEnded(), name).to.equal(false)
    for (const { name, token, user: owner, endIt, stream } of opened) {
      user = owner
      await endIt(token)
      await until(() => stream.hasEnded())
      expect(await statusOf(token), name).to.equal(broken)
    }
  })

  it('expire, and a day after the cut-over whatever they say are dead', async () => {
    const token = tokenWith()
    const endless = tokenWith({ exp: cutOver + 100 * day })
    gateway.clock.freeze((cutOver + day - 3600) * 1000)
    expect(await statusOf(token)).to.equal(expired)
    gateway.clock.freeze((cutOver + day) * 1000 - 1)
    expect(await statusOf(endless)).to.equal('believed')
    gateway.clock.freeze((cutOver + day) * 1000)
    expect(await statusOf(endless)).to.equal(broken)
  })

  it('are broken without their user, and while the user is locked', async () => {
    const { db, sessions } = gateway.services
    const token = tokenWith()
    expect(await statusOf(tokenWith({ userId: 99_999_999 }))).to.equal(broken)
    for (const [state, outcome] of [
      [0, broken],
      [1, 'believed'],
      [2, 'believed'],
    ] as const) {
      await updateState(db, user.uid, state)
      sessions.forget(user.uid)
      expect(await statusOf(token), `state ${state}`).to.equal(outcome)
    }
    await db('account_user_base').where({ user_id: user.uid }).delete()
    sessions.forget(user.uid)
    expect(await statusOf(token)).to.equal(broken)
  })

  it('are broken once all sessions of their user were ended here, those of other users not', async () => {
    const { db, sessions } = gateway.services
    const token = tokenWith()
    const other = tokenWith({ userId: (await addOldUser()).uid })
    expect(await statusOf(token)).to.equal('believed')
    await transaction({ db }, ({ db }) => sessions.endAll(db, user.uid))
    sessions.forget(user.uid)
    expect(await statusOf(token)).to.equal(broken)
    expect(await statusOf(other)).to.equal('believed')
  })

  it('are broken once their user logged out with them, on every node, other tokens not', async () => {
    const token = tokenWith()
    const other = tokenWith({ iat: cutOver - 7200 })
    expect(await statusOf(token)).to.equal('believed')
    const { text } = await request('/front/account/login/logout', token)
    expect(text).to.equal(doneWith('{"token":""}'))
    expect(await statusOf(token)).to.equal(broken)
    expect(await statusOf(other)).to.equal('believed')
    const { config, db } = gateway.services
    const cache = createCache()
    const node = createSessions({ ...config, db, cache, clock: gateway.clock })
    const seen = await node.verify(token).catch((error: unknown) => error)
    cache.close()
    expect(seen).to.have.property('key', 'TOKEN_BROKEN')
    expect((await request('/front/account/login/logout', token)).text).to.equal(text)
  })

  it('are read anew where a session of ours is: what a node remembers of them does not bind a number', async () => {
    const { db, sessions } = gateway.services
    const session = await sessions.verify(tokenWith())
    expect(await sessions.isLive(db, session)).to.equal(true)
    await sessions.logOut(db, session)
    expect(await sessions.verify(tokenWith()), 'as remembered').to.deep.equal(session)
    expect(await sessions.isLive(db, session)).to.equal(false)
  })

  it('are ended by an administrator who ends all sessions of their user', async () => {
    const token = tokenWith()
    const admin = await addAdmin(gateway)
    const revoke = () => admin.post('/manage/account/userSession/revoke', { user_id: String(user.uid) })
    expect(await statusOf(token)).to.equal('believed')
    expect((await revoke()).text).to.equal(done)
    expect(await statusOf(token)).to.equal(broken)
    expect((await revoke()).text).to.equal(failed)
  })

  it('are remembered by their digest alone, and no longer than they would have lived', async () => {
    const { db } = gateway
    const token = tokenWith()
    await request('/front/account/login/logout', token)
    const rowOf = () => db('ended_shop_token').where({ token_digest: hash('sha256', token) })
    const end = (cutOver - 3600 + day) * 1000
    expect(await rowOf()).to.deep.equal([{ token_digest: hash('sha256', token), expires_at: end }])
    await deleteExpiredRows(db, end)
    expect(await rowOf()).to.have.length(1)
    await deleteExpiredRows(db, end + 1)
    expect(await rowOf()).to.deep.equal([])
  })

  it("must hold the user's salt while the shop's hash is there, and need not once it is gone", async () => {
    const { db, sessions } = gateway.services
    const claims = { sub: `{"userId":${user.uid}}`, exp: cutOver + day, iat: cutOver - 60 }
    const others = [
      tokenWith({ userSalt: 'f'.repeat(32) }),
      tokenWith({ userSalt: '' }),
      signClaims(vectorKey, claims),
    ]
    for (const token of others) expect(await statusOf(token)).to.equal(broken)
    expect(await statusOf(tokenWith())).to.equal('believed')
    const store = async (row: { user_password?: string; user_salt?: string }) => {
      await db('account_user_base').where({ user_id: user.uid }).update(row)
      sessions.forget(user.uid)
    }
    await store({ user_salt: 'e'.repeat(32) })
    expect(await statusOf(tokenWith()), 'a new password at the shop').to.equal(broken)
    await store({ user_salt: '' })
    for (const token of [...others, tokenWith()])
      expect(await statusOf(token), 'no salt').to.equal('believed')
    await store({ user_password: '$argon2id$v=19$m=1,t=1,p=1$AAAA$AAAA', user_salt: salt })
    for (const token of others) expect(await statusOf(token), 'our hash').to.equal('believed')
  })

  it('outlive the upgrade of the hash that a sign-in brings', async () => {
    const token = tokenWith()
    const credentials = await findCredentials(gateway.db, user.uid)
    const query = new URLSearchParams({
      user_account: credentials?.user_account ?? '',
      password: user.password,
    })
    const { json } = await gateway.request(`/front/account/login/login?${query.toString()}`)
    expect(json).to.include({ status: 200 })
    expect(await statusOf(token)).to.equal('believed')
  })

  it('become no sessions and are never answered with a fresh token', async () => {
    gateway.clock.freeze((cutOver + day - 3600 - 60) * 1000)
    const { headers, json } = await callWith(tokenWith())
    expect(json).to.include({ status: 200 })
    expect(headers.get('authorization')).to.equal(null)
    expect(await gateway.db('user_session').where({ user_id: user.uid })).to.deep.equal([])
  })

  it('are refused where no cut-over is configured', async () => {
    const { db, config } = gateway.services
    const cache = createCache()
    const node = createSessions({
      ...config,
      shopTokens: { key: vectorKey },
      db,
      cache,
      clock: gateway.clock,
    })
    const seen = await node.verify(tokenWith()).catch((error: unknown) => error)
    cache.close()
    expect(seen).to.have.property('key', 'TOKEN_BROKEN')
  })

  it('that name a session count only with that very session, alive, of that very user', async () => {
    const { sessions } = gateway.services
    const live = await user.startSession()
    const { tokenId } = await sessions.verify(live)
    const forge = (userId: number, jti: unknown) =>
      signClaims(vectorKey, {
        sub: JSON.stringify({ userId, userSalt: salt }),
        exp: cutOver + day,
        iat: cutOver - 60,
        jti,
      })
    expect(await statusOf(forge(user.uid, tokenId))).to.equal('believed')
    for (const jti of ['x'.repeat(22), null, `shop:${'0'.repeat(64)}`])
      expect(await statusOf(forge(user.uid, jti)), String(jti)).to.equal(broken)
    expect(await statusOf(forge((await addOldUser()).uid, tokenId))).to.equal(broken)
    await request('/front/account/login/logout', live)
    expect(await statusOf(forge(user.uid, tokenId))).to.equal(broken)
    expect(await statusOf(live)).to.equal(broken)
  })
})
