import { expect } from 'chai'
import { createVault } from '../../../../gateway/services/vault.js'
import { linkInvalid, succeeded } from '../../../answers.js'
import { withGateway } from '../../../suite.js'

const method = 'web.passport.checkCodeValid'

withGateway(method, (gateway) => {
  let uid: string
  before(async () => {
    uid = String((await gateway.addUser()).uid)
    await gateway.addUser({ email: 'forgetful@example.com' })
  })

  let mails = 0
  const verificationToken = async () => {
    const email = `verify-${mails++}@example.com`
    await gateway.call('web.passport.verifyEmail', { uid, email })
    return gateway.lastMailToken(email)
  }
  const recoveryToken = async () => {
    gateway.clock.advance(3_600_000)
    await gateway.call('app.register.backpwdByEmail', { email: 'forgetful@example.com' })
    return gateway.lastMailToken('forgetful@example.com')
  }
  const check = async (code: string) => (await gateway.call(method, { code })).text

  it('finds a token of either purpose valid, as often as it is asked', async () => {
    for (const code of [await verificationToken(), await recoveryToken()]) {
      for (let time = 0; time < 3; time++) expect(await check(code)).to.equal(succeeded)
      const posted = await gateway.call(method, { code }, { verb: 'POST' })
      expect(posted.text).to.equal(succeeded)
    }
  })

  it('uses nothing up: the token still does what it is for', async () => {
    const code = await verificationToken()
    expect(await check(code)).to.equal(succeeded)
    expect((await gateway.call('web.passport.changeEmail', { code })).text).to.equal(succeeded)
  })

  it('finds no token valid that we did not make', async () => {
    const code = await verificationToken()
    const json = JSON.stringify({
      purpose: 'verify-email',
      userId: Number(uid),
      email: 'forged@example.com',
      generation: 0,
      tokenId: '0'.repeat(24),
      issuedAt: Math.floor(gateway.clock.now() / 1000),
    })
    const forged = {
      empty: '',
      'the example of the document': 'abcdef',
      'no base64': '{"uid":1}',
      'plain claims': Buffer.from(json).toString('base64url'),
      'sealed under another key': createVault(['k'.repeat(32)]).seal('mail-token', json),
      'sealed for another purpose': gateway.services.vault.seal('app-secret', json),
      'two of them': code + code,
      endless: code.repeat(100),
    }
    for (const [name, text] of Object.entries(forged)) expect(await check(text), name).to.equal(linkInvalid)
    expect((await gateway.call(method)).text, 'missing').to.equal(linkInvalid)
    expect(await check(code)).to.equal(succeeded)
  })

  it('finds no token valid that is cut, padded, spaced or spelled otherwise', async () => {
    const code = await verificationToken()
    const spoilt = [
      code.slice(1),
      code.slice(0, -1),
      code.slice(0, 20),
      `${code}A`,
      `${code}=`,
      `${code} `,
      ` ${code}`,
      `${code.slice(0, 9)}\n${code.slice(9)}`,
      code.replace(/[-_]/g, (char) => (char === '-' ? '+' : '/')),
      code.toUpperCase(),
    ].filter((text) => text !== code)
    for (const text of spoilt) expect(await check(text), text).to.equal(linkInvalid)
    expect(await check(code)).to.equal(succeeded)
  })

  it('finds no token valid in which any one letter was changed', async () => {
    const code = await verificationToken()
    const dispatch = async (text: string) => {
      const params = { code: text }
      const ip = '127.0.0.1'
      const head = { verb: 'GET', path: '/gateway', headers: {}, ip, requestId: '', isLocal: false }
      const request = { head, method, params, token: undefined }
      const app = gateway.services.apps.find('web')
      const outcome = await gateway.gateway.dispatch({ ...request, ...(app ? { app } : {}) })
      return outcome.ok ? 'valid' : outcome.error.key
    }
    expect(await dispatch(code)).to.equal('valid')
    for (let at = 0; at < code.length; at++) {
      const letter = code[at] === 'A' ? 'B' : 'A'
      const changed = code.slice(0, at) + letter + code.slice(at + 1)
      expect(await dispatch(changed), `letter ${at}`).to.equal('CODE_IS_INVALID')
    }
  })

  it('finds a token valid for 86400 seconds and not a second longer', async () => {
    for (const issue of [verificationToken, recoveryToken]) {
      gateway.clock.freeze(Math.floor(gateway.clock.now() / 1000) * 1000)
      const code = await issue()
      gateway.clock.advance(86_400_000)
      expect(await check(code)).to.equal(succeeded)
      gateway.clock.advance(999)
      expect(await check(code)).to.equal(succeeded)
      gateway.clock.advance(1)
      expect(await check(code)).to.equal(linkInvalid)
    }
  })

  it('finds a used token of either purpose no longer valid', async () => {
    const recovery = await recoveryToken()
    await gateway.call('app.register.resetPwdByCode', { code: recovery, newPwd: 'a new password' })
    expect(await check(recovery)).to.equal(linkInvalid)
    const verification = await verificationToken()
    await gateway.call('web.passport.changeEmail', { code: verification })
    expect(await check(verification)).to.equal(linkInvalid)
  })
})
