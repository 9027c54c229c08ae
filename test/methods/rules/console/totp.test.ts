import { expect } from 'chai'
import { acceptTotp, confirmNewTotp, startTotp } from '../../../../methods/rules/console/totp.js'
import { withGateway } from '../../../suite.js'

/** RFC 6238, appendix B, SHA-1: seconds and the code, of whose eight digits the last six are those of six. */
const vectors = [
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
] as const
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

withGateway('codes of an authenticator app', (gateway) => {
  async function addUser(): Promise<number> {
    const { uid } = await gateway.addUser()
    const sealed = gateway.services.vault.seal('console-totp', secret)
    const row = { user_id: uid, secret: sealed, pending: '', last_step: 0, confirmed_at: 1 }
    await gateway.db('console_totp').insert(row)
    return uid
  }
  const accept = (uid: number, code: string) => acceptTotp(gateway.services, uid, code)

  it('are those of RFC 6238, each good once', async () => {
    const uid = await addUser()
    for (const [seconds, code] of vectors) {
      gateway.clock.freeze(seconds * 1000)
      const digits = code.slice(-6)
      expect(await accept(uid, digits), code).to.equal(true)
      expect(await accept(uid, digits), `${code} again`).to.equal(false)
    }
  })

  it('may be a step early or late, not older than the last one that was accepted, and in groups', async () => {
    const [, [seconds, code]] = [vectors[0], vectors[4]]
    const digits = code.slice(-6)
    for (const [off, isGood] of [
      [-60, false],
      [-30, true],
      [30, true],
      [60, false],
    ] as const) {
      gateway.clock.freeze((seconds + off) * 1000)
      expect(await accept(await addUser(), digits), `${off}`).to.equal(isGood)
    }
    gateway.clock.freeze(seconds * 1000)
    const uid = await addUser()
    expect(await accept(uid, `${digits.slice(0, 3)} ${digits.slice(3)}`)).to.equal(true)
    for (const wrong of ['', '12345', '1234567', 'abcdef', '１２３４５６'])
      expect(await accept(uid, wrong), wrong).to.equal(false)
  })

  it('come of a secret that is sealed, and used once its first code has confirmed it', async () => {
    const { uid } = await gateway.addUser()
    gateway.clock.freeze(59_000)
    const made = await startTotp(gateway.services, uid, 'zhang_san')
    expect(made.secret).to.match(/^[A-Z2-7]{32}$/)
    expect(made.uri).to.include(`secret=${made.secret}`).and.include('passport.test')
    expect(JSON.stringify(await gateway.db('console_totp').where({ user_id: uid }))).to.not.include(
      made.secret,
    )
    const { TOTP, Secret } = await import('otpauth')
    const code = new TOTP({ secret: Secret.fromBase32(made.secret) }).generate({ timestamp: 59_000 })
    expect(await accept(uid, code)).to.equal(false)
    await confirmNewTotp(gateway.services, uid, code)
    expect(await accept(uid, code), 'the code that confirmed it').to.equal(false)
    const next = new TOTP({ secret: Secret.fromBase32(made.secret) }).generate({ timestamp: 89_000 })
    expect(await accept(uid, next)).to.equal(true)
  })
})
