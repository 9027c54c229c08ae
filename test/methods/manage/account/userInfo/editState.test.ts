import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, addOfficer, forAdministrators, lastEntry, refusalsOf } from '../administrators.js'

const path = '/manage/account/userInfo/editState'

withGateway('manage.account.userInfo.editState', (gateway) => {
  const admin = prepared(before, () => addAdmin(gateway))
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
      expect((await admin.post(path, { user_id, user_is_authentication: state })).text).to.equal(done)
      expect(await stateOf(user_id)).to.equal(Number(state))
      expect((await admin.post(path, { user_id, user_is_authentication: state })).text).to.equal(failed)
      const notices = gateway.db('account_user_message').where({ user_id: Number(user_id) })
      expect(await notices).to.have.length(1)
      expect(await lastEntry(gateway, 'manage.account.userInfo.editState')).to.include({
        target_id: Number(user_id),
        detail: state === '2' ? 'passed' : 'failed',
      })
    }
  })

  it('is for administrators', async () => {
    expect(await refusalsOf(gateway, path)).to.deep.equal(forAdministrators)
    const officer = await addOfficer(gateway, 'userInfo/editState')
    const answer = await officer.post(path, { user_id: await waiting(), user_is_authentication: '2' })
    expect(answer.text).to.equal(done)
  })
})
