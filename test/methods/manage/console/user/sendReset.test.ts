import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { withConsole } from '../suite.js'

const env = { CODE_GAP: '0', CODE_PER_NUMBER_HOUR: '2' }

withConsole('manage.console.user.sendReset', env, ({ gateway, admin, send, entries, isOfTheConsole }) => {
  it('mails the link that sets a new password, and counts it with those that the user asks for', async () => {
    const email = 'reset1@example.com'
    const user = await gateway.addUser({ email })
    expect((await send({ user_id: user.uid, by: 'email' })).text).to.equal(done)
    const code = await gateway.lastMailToken(email)
    const reset = { code, newPwd: 'a new password' }
    expect((await gateway.call('app.register.resetPwdByCode', reset)).json).to.include({ code: 200 })
    expect((await send({ user_id: user.uid, by: 'email' })).text).to.equal(done)
    expect((await send({ user_id: user.uid, by: 'email' })).json).to.include({ error: 'TOO_MANY_REQUESTS' })
    const noted = { actor_id: admin.uid, target_id: user.uid, detail: 'email' }
    expect(await entries()).to.deep.equal([noted, noted])
  })

  it('texts a code that sets a new password', async () => {
    const mobile = '13930000001'
    const user = await gateway.addUser({ mobile })
    const { text } = await send({ user_id: user.uid, by: 'mobile' })
    expect(text).to.equal(done)
    const code = await gateway.lastCode(mobile)
    expect(text).to.not.include(code)
    const body = new URLSearchParams({
      bind_type: '1',
      verify_key: mobile,
      verify_code: code,
      password: 'a new password',
    })
    const answer = await gateway.request('/front/account/login/setNewPassword', { method: 'POST', body })
    expect(answer.text).to.equal(done)
    expect((await entries()).at(-1)).to.include({ target_id: user.uid, detail: 'mobile' })
  })

  it('sends nothing to what is not proved, to nobody and to who is locked', async () => {
    const claims = { mobile: '13930000002', email: 'claims@example.com', verified: false }
    const claimant = await gateway.addUser(claims)
    const errors = async (uid: number) => [
      (await send({ user_id: uid, by: 'email' })).json?.['error'],
      (await send({ user_id: uid, by: 'mobile' })).json?.['error'],
    ]
    expect(await errors(claimant.uid)).to.deep.equal(['EMAIL_NOT_BOUND', 'MOBILE_NOT_BOUND'])
    expect((await send({ user_id: 404_404, by: 'email' })).text).to.equal(failed)
    const locked = await gateway.addUser({ mobile: '13930000003', email: 'locked@example.com' })
    await gateway.db('account_user_base').where({ user_id: locked.uid }).update({ user_locked: 1 })
    expect(await errors(locked.uid)).to.deep.equal(['USER_LOCKED', 'USER_LOCKED'])
    for (const address of ['claims@example.com', 'locked@example.com', '+8613930000002', '+8613930000003'])
      expect(await gateway.sentTo(address)).to.deep.equal([])
  })

  isOfTheConsole({ user_id: 1, by: 'email' })
})
