import { expect } from 'chai'
import { findAddressOwner } from '../../../../db/address-owners.js'
import { bindAddress } from '../../../../db/bindings.js'
import { updateMobile } from '../../../../db/user-info.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import {
  codeRight,
  mobileInUse,
  mobileMalformed,
  mobileMissing,
  succeeded,
  uidMissing,
  userNotExists,
  userSucceeded,
} from '../../../answers.js'
import { type CallOptions, startGateway, type TestApp, type TestGateway } from '../../../harness.js'
import { onEachDatabase } from '../../../servers/databases.js'

const unchecked = '{"code":411,"message":"请先校验手机号"}'

const minute = 60_000

let gateway: TestGateway
let lastNumber = 13_400_000_000
const newMobile = (): string => String(++lastNumber)

async function start(url: string, env: Record<string, string> = {}): Promise<void> {
  gateway = await startGateway({ url }, env)
  gateway.clock.freeze(Date.UTC(2026, 0, 5, 8))
}

async function call(method: string, params: Record<string, string>, options?: CallOptions): Promise<string> {
  const { status, text } = await gateway.call(`web.passport.${method}`, params, options)
  expect(status).to.equal(200)
  return text
}

async function check(mobile: string, app = gateway.web): Promise<void> {
  expect(await call('checkVerifyMobile', { mobile }, { app })).to.equal(succeeded)
}

async function prove(mobile: string, app = gateway.web): Promise<void> {
  await call('sendcode', { mobile })
  const code = await gateway.lastCode(mobile)
  const answer = await call('checkcode', { mobile, code }, { app })
  expect(answer).to.equal(codeRight)
}

async function change(uid: number, newMobile: string, app = gateway.web): Promise<string> {
  return call('changeVerifyMobile', { uid: String(uid), newMobile, area: '86' }, { app })
}

async function verifiedMobile(uid: number): Promise<unknown> {
  const { json } = await gateway.call('web.passport.getUserVerifyInfo', { uid: String(uid) })
  const { mobile, mobileVerify, mobileVerifyTime } = (json?.data ?? {}) as Record<string, string>
  return { mobile, mobileVerify, mobileVerifyTime }
}

const now = { mobileVerify: 'Y', mobileVerifyTime: '2026-01-05 16:00:00' }

onEachDatabase('web.passport.changeVerifyMobile', (database) => {
  beforeEach(() => start(database.url))
  afterEach(() => gateway.close())

  it('stores a number that was checked before as the user’s verified one', async () => {
    const [old, mobile] = [newMobile(), newMobile()]
    const { uid } = await gateway.addUser({ mobile: old })
    await check(mobile)
    expect(await change(uid, mobile)).to.equal(userSucceeded)
    expect(await verifiedMobile(uid)).to.deep.equal({ mobile, ...now })
    expect((await findAddressOwner(gateway.db, 'mobile', `+86${mobile}`))?.user_id).to.equal(uid)
    expect(await findAddressOwner(gateway.db, 'mobile', `+86${old}`)).to.equal(undefined)
  })

  it('takes the old number as a way to sign in, also one that is shown no more', async () => {
    const [old, mobile] = [newMobile(), newMobile()]
    const { db } = gateway
    const { uid } = await gateway.addUser({ mobile: old })
    const value = `+86${old}`
    // As unBindMobile leaves the last way to sign in.
    await bindAddress(db, { kind: 'mobile', value, user_id: uid, verified_at: 1, created_at: 1 })
    await updateMobile(db, uid, '+86', '')
    await check(mobile)
    expect(await change(uid, mobile)).to.equal(userSucceeded)
    expect(await findAddressOwner(db, 'mobile', value)).to.equal(undefined)
    expect(await gateway.sentTo(value), 'the notice').to.have.length(1)
  })

  it('wants a number, then a uid, then a user, then the check', async () => {
    const mobile = newMobile()
    const { uid } = await gateway.addUser()
    expect(await call('changeVerifyMobile', {})).to.equal(mobileMissing)
    expect(await call('changeVerifyMobile', { newMobile: '', uid: 'x' })).to.equal(mobileMissing)
    expect(await call('changeVerifyMobile', { newMobile: mobile })).to.equal(uidMissing)
    expect(await call('changeVerifyMobile', { newMobile: '1', uid: 'x' })).to.equal(uidMissing)
    expect(await change(uid, '12345678901')).to.equal(mobileMalformed)
    expect(await change(uid, mobile)).to.equal(unchecked)
    await check(mobile)
    expect(await change(999_999_999, mobile)).to.equal(userNotExists)
  })

  it('wants the check of this very number, by this very application', async () => {
    const mobile = newMobile()
    const { uid } = await gateway.addUser()
    await check(newMobile())
    await check(mobile, await gateway.addApp())
    expect(await change(uid, mobile)).to.equal(unchecked)
    expect(await verifiedMobile(uid)).to.include({ mobile: '', mobileVerify: 'N' })
    await check(mobile)
    expect(await change(uid, mobile)).to.equal(userSucceeded)
  })

  it('remembers the check for ten minutes', async () => {
    const mobile = newMobile()
    const { uid } = await gateway.addUser()
    await check(mobile)
    gateway.clock.advance(10 * minute + 1)
    expect(await change(uid, mobile)).to.equal(unchecked)
    await check(mobile)
    gateway.clock.advance(10 * minute - 1)
    expect(await change(uid, mobile)).to.equal(userSucceeded)
  })

  it('takes a number of another area, however it is written', async () => {
    const { uid } = await gateway.addUser()
    expect(await call('checkVerifyMobile', { mobile: '51234567', area: '+852' })).to.equal(succeeded)
    const params = { uid: String(uid), newMobile: '852-51234567' }
    expect(await call('changeVerifyMobile', params, { verb: 'POST' })).to.equal(userSucceeded)
    expect(await verifiedMobile(uid)).to.deep.equal({ mobile: '852-51234567', ...now })
  })

  it('refuses a number that somebody has verified since the check', async () => {
    const mobile = newMobile()
    const old = newMobile()
    const { uid } = await gateway.addUser({ mobile: old })
    await check(mobile)
    const owner = await gateway.addUser({ mobile })
    expect(await change(uid, mobile)).to.equal(mobileInUse)
    expect(await verifiedMobile(uid)).to.include({ mobile: old, mobileVerify: 'Y' })
    expect(await verifiedMobile(owner.uid)).to.include({ mobile, mobileVerify: 'Y' })
    expect(await gateway.sentTo(`+86${old}`)).to.have.length(0)
  })

  it('takes a number that another user only claims: the claim gives way', async () => {
    const mobile = newMobile()
    const claimant = await gateway.addUser({ mobile, verified: false })
    const { uid } = await gateway.addUser()
    await check(mobile)
    expect(await change(uid, mobile)).to.equal(userSucceeded)
    expect(await verifiedMobile(uid)).to.deep.equal({ mobile, ...now })
    expect(await verifiedMobile(claimant.uid)).to.include({ mobileVerify: 'N' })
  })

  it('gives a number to one of two users who want it in parallel', async () => {
    const mobile = newMobile()
    const users = [await gateway.addUser(), await gateway.addUser()]
    await check(mobile)
    const answers = await Promise.all(users.map(({ uid }) => change(uid, mobile)))
    expect(answers.filter((answer) => answer === userSucceeded)).to.have.length(1)
    const verified = await Promise.all(users.map(({ uid }) => verifiedMobile(uid)))
    expect(verified.filter((info) => JSON.stringify(info).includes(mobile))).to.have.length(1)
  })

  it('ends all sessions of the user when the number changes, and only then', async () => {
    const mobile = newMobile()
    const user = await gateway.addUser()
    const token = await user.startSession()
    const { sessions } = gateway.services
    expect(await change(user.uid, mobile)).to.equal(unchecked)
    expect((await sessions.verify(token)).userId).to.equal(user.uid)
    await check(mobile)
    expect(await change(user.uid, mobile)).to.equal(userSucceeded)
    const error = await sessions.verify(token).catch((error: unknown) => error)
    expect(error).to.be.instanceOf(GatewayError).and.include({ key: 'TOKEN_BROKEN' })
  })

  it('tells the old number, not the new one', async () => {
    const [old, mobile] = [newMobile(), newMobile()]
    const { uid } = await gateway.addUser({ mobile: old })
    await check(mobile)
    expect(await change(uid, mobile)).to.equal(userSucceeded)
    const messages = await gateway.sentTo(`+86${old}`)
    expect(messages).to.have.length(1)
    expect(messages[0]?.text)
      .to.match(/^您的账号已改用新的手机号码/)
      .and.not.include(mobile)
    expect(await gateway.sentTo(`+86${mobile}`)).to.have.length(0)
  })

  it('verifies the number that the user has already, and tells nobody', async () => {
    const mobile = newMobile()
    const { uid } = await gateway.addUser({ mobile, verified: false })
    await check(mobile)
    expect(await change(uid, mobile)).to.equal(userSucceeded)
    expect(await verifiedMobile(uid)).to.deep.equal({ mobile, ...now })
    expect(await gateway.sentTo(`+86${mobile}`)).to.have.length(0)
  })

  it('wants a right code besides of applications that sign with HMAC', async () => {
    const app = await gateway.addApp({ scheme: 'hmac-sha256' })
    const { uid } = await gateway.addUser()
    await needsProof(uid, app)
  })

  it('wants that code within ten minutes', async () => {
    const app = await gateway.addApp({ scheme: 'hmac-sha256' })
    const mobile = newMobile()
    const { uid } = await gateway.addUser()
    await prove(mobile, app)
    gateway.clock.advance(10 * minute + 1)
    await check(mobile, app)
    expect(await change(uid, mobile, app)).to.equal(unchecked)
  })
})

/** The application can't change a number by a check or a proof alone, nor with another's proof. */
async function needsProof(uid: number, app: TestApp): Promise<void> {
  const mobile = newMobile()
  await check(mobile, app)
  expect(await change(uid, mobile, app)).to.equal(unchecked)
  await prove(mobile, await gateway.addApp())
  await prove(newMobile(), app)
  expect(await change(uid, mobile, app)).to.equal(unchecked)
  gateway.clock.advance(minute)
  await prove(mobile, app)
  expect(await change(uid, mobile, app)).to.equal(userSucceeded)
  const provedOnly = newMobile()
  await prove(provedOnly, app)
  expect(await change(uid, provedOnly, app)).to.equal(unchecked)
}

onEachDatabase('web.passport.changeVerifyMobile with PASSPORT_MOBILE_CHANGE=proved', (database) => {
  before(() => start(database.url, { PASSPORT_MOBILE_CHANGE: 'proved' }))
  after(() => gateway.close())

  it('wants a right code of legacy applications too', async () => {
    const { uid } = await gateway.addUser()
    await needsProof(uid, gateway.web)
  })
})

onEachDatabase('web.passport.changeVerifyMobile with PASSPORT_MOBILE_CHANGE=checked', (database) => {
  before(() => start(database.url, { PASSPORT_MOBILE_CHANGE: 'checked' }))
  after(() => gateway.close())

  it('wants no code of any application, but the check', async () => {
    const app = await gateway.addApp({ scheme: 'hmac-sha256' })
    const mobile = newMobile()
    const { uid } = await gateway.addUser()
    expect(await change(uid, mobile, app)).to.equal(unchecked)
    await check(mobile, app)
    expect(await change(uid, mobile, app)).to.equal(userSucceeded)
  })
})
