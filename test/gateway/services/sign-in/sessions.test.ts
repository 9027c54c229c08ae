import { expect } from 'chai'
import jwt from 'jsonwebtoken'
import { transaction } from '../../../../db/transaction.js'
import { updateState } from '../../../../db/users.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { createCache } from '../../../../gateway/services/cache.js'
import { createSessions } from '../../../../gateway/services/sign-in/sessions.js'
import { prepared, withGateway } from '../../../suite.js'

const secret = 'the-jwt-secret-of-this-test-is-32-long'
const olderSecret = 'an-older-jwt-secret-that-is-also-long'
const issuedAt = 1458378392

withGateway('sessions', { JWT_SECRET: `${secret},${olderSecret}` }, (gateway) => {
  beforeEach(() => gateway.clock.freeze(issuedAt * 1000))
  const user = prepared(beforeEach, () => gateway.addUser())

  const { verify: readJwt } = jwt
  const claimsOf = (token: string) =>
    readJwt(token, secret, { algorithms: ['HS256'], clockTimestamp: issuedAt }) as jwt.JwtPayload
  const verify = (token: string) => gateway.services.sessions.verify(token)
  const errorOf = (token: string) =>
    verify(token).then(
      () => 'alive',
      (error: unknown) => (error instanceof GatewayError ? error.key : String(error)),
    )
  const sign = (claims: object, key = secret, options: jwt.SignOptions = {}) =>
    jwt.sign({ exp: issuedAt + 60, ...claims }, key, { noTimestamp: true, ...options })

  it('stand for tokens that say who the user is and when they end, and nothing else', async () => {
    const token = await user.startSession()
    const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())
    expect(header).to.deep.equal({ alg: 'HS256', typ: 'JWT' })
    const { jti, ...claims } = claimsOf(token)
    expect(claims).to.deep.equal({ sub: String(user.uid), iat: issuedAt, exp: issuedAt + 86_400 })
    expect(jti).to.match(/^[\w-]{22}$/)
    expect(await verify(token)).to.deep.equal({
      userId: user.uid,
      tokenId: jti,
      expiresAt: (issuedAt + 86_400) * 1000,
    })
  })

  it('have a token of their own each', async () => {
    const [one, two] = [await user.startSession(), await user.startSession()]
    expect(one).to.not.equal(two)
    const { tokenId } = await verify(one)
    await gateway.services.sessions.end(gateway.db, tokenId)
    gateway.services.sessions.forgetToken(tokenId)
    expect(await errorOf(one)).to.equal('TOKEN_BROKEN')
    expect(await errorOf(two)).to.equal('alive')
  })

  it('end after 24 hours', async () => {
    const token = await user.startSession()
    gateway.clock.advance(86_400_000 - 1)
    expect(await errorOf(token)).to.equal('alive')
    gateway.clock.advance(1)
    expect(await errorOf(token)).to.equal('TOKEN_EXPIRED')
  })

  it('do not stand for tokens that we did not make', async () => {
    const token = await user.startSession()
    const { sub, jti } = claimsOf(token)
    const [header = '', body = '', signature = ''] = token.split('.')
    const otherClaims = Buffer.from(JSON.stringify({ ...claimsOf(token), sub: '1' })).toString('base64url')
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')
    const forged = {
      empty: '',
      'no token': 'a.b.c',
      'without its signature': `${header}.${body}.`,
      'of algorithm none': `${none}.${body}.`,
      'of algorithm none with its signature': `${none}.${body}.${signature}`,
      'changed in its claims': `${header}.${otherClaims}.${signature}`,
      'signed by another key': sign({ sub, jti }, 'x'.repeat(40)),
      'signed by another algorithm': sign({ sub, jti }, secret, { algorithm: 'HS512' }),
      'of a session that never was': sign({ sub, jti: 'x'.repeat(22) }),
      "of another user's session": sign({ sub: String((await gateway.addUser()).uid), jti }),
      'of a user who never was': sign({ sub: '99999999', jti }),
      'without a session': sign({ sub }),
      'without a user': sign({ jti }),
      'of a user who is no number': sign({ sub: '1 OR 1=1', jti }),
    }
    for (const [name, text] of Object.entries(forged))
      expect(await errorOf(text), name).to.equal('TOKEN_BROKEN')
    const endless = jwt.sign({ sub, jti }, secret, { noTimestamp: true })
    expect(await errorOf(endless), 'without an end').to.equal('TOKEN_BROKEN')
    expect(await errorOf(sign({ sub, jti }))).to.equal('alive')
  })

  it('stay alive when the key is rotated, until the older key is dropped', async () => {
    const { db, cache } = gateway.services
    const withKeys = (...jwtSecrets: string[]) =>
      createSessions({ db, cache, clock: gateway.clock, jwtSecrets, tokenHours: 24 })
    const session = { userId: user.uid, generation: 0, app: 'web', ip: '127.0.0.1' }
    const old = await withKeys(olderSecret).start(db, session)
    expect(await errorOf(old)).to.equal('alive')
    const fresh = await gateway.services.sessions.start(db, session)
    expect((await withKeys(secret).verify(fresh)).userId).to.equal(user.uid)
    const dropped = await withKeys(secret)
      .verify(old)
      .catch((error: unknown) => error)
    expect(dropped).to.have.property('key', 'TOKEN_BROKEN')
    gateway.clock.advance(86_400_000)
    expect(await errorOf(old)).to.equal('TOKEN_EXPIRED')
  })

  it('are read together with their owners, where neither is remembered', async () => {
    const { sessions, db } = gateway.services
    const token = await user.startSession()
    sessions.forget(user.uid)
    const reads: string[] = []
    const note = ({ sql }: { sql: string }) => {
      if (/user_session|account_user_base/.test(sql)) reads.push(sql)
    }
    db.on('query', note)
    try {
      expect((await sessions.verify(token)).userId).to.equal(user.uid)
      await sessions.verify(token)
    } finally {
      db.removeListener('query', note)
    }
    expect(reads).to.have.length(1)
  })

  it('end all at once, those of the one user', async () => {
    const { sessions, db } = gateway.services
    const tokens = [await user.startSession(), await user.startSession()]
    const others = await (await gateway.addUser()).startSession()
    for (const token of [...tokens, others]) expect(await errorOf(token)).to.equal('alive')
    await transaction({ db }, ({ db }) => sessions.endAll(db, user.uid))
    sessions.forget(user.uid)
    for (const token of tokens) expect(await errorOf(token)).to.equal('TOKEN_BROKEN')
    expect(await errorOf(others)).to.equal('alive')
    expect(await errorOf(await user.startSession())).to.equal('alive')
  })

  it('end all but the kept one, which nodes that remember either side of it do not lose', async () => {
    const { sessions, db } = gateway.services
    const [own, other] = [await user.startSession(), await user.startSession()]
    const { tokenId } = await verify(own)
    const node = () => {
      const cache = createCache()
      const jwtSecrets = [secret]
      return {
        cache,
        sessions: createSessions({ db, cache, clock: gateway.clock, jwtSecrets, tokenHours: 24 }),
      }
    }
    const [knowsSession, knowsOwner] = [node(), node()]
    try {
      await knowsSession.sessions.verify(own)
      await knowsOwner.sessions.verify(other)
      await transaction({ db }, ({ db }) => sessions.endAll(db, user.uid, { except: tokenId }))
      sessions.forget(user.uid)
      knowsSession.cache.drop(`session-owner:${user.uid}`)
      for (const each of [sessions, knowsSession.sessions, knowsOwner.sessions])
        expect((await each.verify(own)).userId).to.equal(user.uid)
      expect(await errorOf(other)).to.equal('TOKEN_BROKEN')
      await transaction({ db }, ({ db }) => sessions.endAll(db, user.uid, { except: tokenId }))
      sessions.forget(user.uid)
      expect(await errorOf(own)).to.equal('alive')
      expect(await errorOf(other)).to.equal('TOKEN_BROKEN')
    } finally {
      knowsSession.cache.close()
      knowsOwner.cache.close()
    }
  })

  it("that have ended are not revived by being kept, and neither is another user's", async () => {
    const { sessions, db } = gateway.services
    const [older, revoked] = [await user.startSession(), await user.startSession()]
    const stranger = await (await gateway.addUser()).startSession()
    const ids = await Promise.all(
      [older, revoked, stranger].map(async (token) => (await verify(token)).tokenId),
    )
    await sessions.end(db, ids[1] ?? '')
    sessions.forgetToken(ids[1] ?? '')
    await sessions.endAll(db, user.uid)
    for (const except of ids) await sessions.endAll(db, user.uid, { except })
    sessions.forget(user.uid)
    for (const token of [older, revoked]) expect(await errorOf(token)).to.equal('TOKEN_BROKEN')
    expect(await errorOf(stranger)).to.equal('alive')
  })

  it('end one at a time, each by its own user only, and once', async () => {
    const { sessions, db } = gateway.services
    const token = await user.startSession()
    const { tokenId } = await verify(token)
    const other = await gateway.addUser()
    expect(await sessions.endOwn(db, other.uid, tokenId)).to.equal(false)
    expect(await errorOf(token)).to.equal('alive')
    expect(await sessions.endOwn(db, user.uid, tokenId)).to.equal(true)
    sessions.forgetToken(tokenId)
    expect(await errorOf(token)).to.equal('TOKEN_BROKEN')
    expect(await sessions.endOwn(db, user.uid, tokenId)).to.equal(false)
  })

  it('do not end when the transaction that ends them fails', async () => {
    const { sessions, db } = gateway.services
    const token = await user.startSession()
    const failing = transaction({ db }, async ({ db }) => {
      await sessions.endAll(db, user.uid)
      throw new Error('something else went wrong')
    })
    await failing.catch(() => {})
    sessions.forget(user.uid)
    expect(await errorOf(token)).to.equal('alive')
  })

  it('are dead from the start when the password changed while they were being made', async () => {
    const { sessions, db } = gateway.services
    await sessions.endAll(db, user.uid)
    sessions.forget(user.uid)
    const token = await sessions.start(db, { userId: user.uid, generation: 0, app: 'web', ip: '127.0.0.1' })
    expect(await errorOf(token)).to.equal('TOKEN_BROKEN')
  })

  it('are dead while the user is locked, and when the user is gone', async () => {
    const { sessions, db } = gateway.services
    const token = await user.startSession()
    for (const [state, outcome] of [
      [0, 'TOKEN_BROKEN'],
      [2, 'alive'],
      [1, 'alive'],
    ] as const) {
      await updateState(db, user.uid, state)
      sessions.forget(user.uid)
      expect(await errorOf(token), `state ${state}`).to.equal(outcome)
    }
    await db('account_user_base').where({ user_id: user.uid }).delete()
    sessions.forget(user.uid)
    expect(await errorOf(token)).to.equal('TOKEN_BROKEN')
  })

  it('are kept with the application and the address they were started from', async () => {
    const { sessions, db } = gateway.services
    const ip = '2001:0db8:0000:0000:0000:0000:0000:0001'
    const token = await sessions.start(db, { userId: user.uid, generation: 0, app: 'miniapp', ip })
    const row = await db('user_session')
      .where({ token_id: (await verify(token)).tokenId })
      .first()
    expect(row).to.include({ user_id: user.uid, app_name: 'miniapp', ip, revoked_at: null })
    expect(Number(row?.expires_at)).to.equal((issuedAt + 86_400) * 1000)
  })

  it('cannot be made without a key', () => {
    const { db, cache } = gateway.services
    expect(() =>
      createSessions({ db, cache, clock: gateway.clock, jwtSecrets: [], tokenHours: 24 }),
    ).to.throw('no JWT_SECRET')
  })
})
