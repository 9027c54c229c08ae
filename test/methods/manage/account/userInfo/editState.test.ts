import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { addOfficer } from '../administrators.js'
import { forAdministrators, withAdmin } from '../suite.js'

withAdmin('manage.account.userInfo.editState', ({ gateway, path, post, lastEntry, refusals }) => {
  const waiting = async () => {
    const { uid } = await gateway.addUser()
    await gateway.db('account_user_info').where({ user_id: uid }).update({ user_is_authentication: 1 })
    return String(uid)
  }
  const stateOf = async (user_id: string) =>
    (
      await gateway
        .db('account_user_info')
        .where({ user_id: Number(user_id) })
        .first()
    )?.user_is_authentication

  it('passes or fails a certificate that waits, and tells the user', async () => {
    for (const state of ['2', '3']) {
      const user_id = await waiting()
      expect(await post({ user_id, user_is_authentication: state })).to.equal(done)
      expect(await stateOf(user_id)).to.equal(Number(state))
      expect(await post({ user_id, user_is_authentication: state })).to.equal(failed)
      const notices = gateway.db('account_user_message').where({ user_id: Number(user_id) })
      expect(await notices).to.have.length(1)
      expect(await lastEntry()).to.include({
        target_id: Number(user_id),
        detail: state === '2' ? 'passed' : 'failed',
      })
    }
  })

  it('is for administrators', async () => {
    expect(await refusals()).to.deep.equal(forAdministrators)
    const officer = await addOfficer(gateway, 'userInfo/editState')
    const answer = await officer.post(path, { user_id: await waiting(), user_is_authentication: '2' })
    expect(answer.text).to.equal(done)
  })
})
