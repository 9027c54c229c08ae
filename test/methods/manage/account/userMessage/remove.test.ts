import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, forAdministrators, lastEntry, refusalsOf } from '../administrators.js'

const path = '/manage/account/userMessage/remove'

withGateway('manage.account.userMessage.remove', (gateway) => {
  const admin = prepared(before, () => addAdmin(gateway))
  const notify = async (user_id: number, more: object = {}) => {
    const [id = 0] = await gateway.db('account_user_message').insert({
      user_id,
      message_kind: 2,
      message_type: 1,
      message_title: 'title',
      message_content: 'text',
      message_time: Date.now(),
      ...more,
    })
    return id
  }

  it('removes a row', async () => {
    const { uid } = await gateway.addUser()
    const [id, other] = [await notify(uid), await notify(uid)]
    expect((await admin.post(path, { message_id: String(id) })).text).to.equal(done)
    expect((await admin.post(path, { message_id: String(id) })).text).to.equal(failed)
    const left = gateway.db('account_user_message').where({ user_id: uid })
    expect(await left.pluck('message_id')).to.deep.equal([other])
    expect(await lastEntry(gateway, 'manage.account.userMessage.remove')).to.include({ target_id: uid })
  })

  it('is for administrators', async () => {
    expect(await refusalsOf(gateway, path)).to.deep.equal(forAdministrators)
  })
})
