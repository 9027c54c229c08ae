import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, forAdministrators, lastEntry, refusalsOf } from '../administrators.js'

const path = '/manage/account/userMessage/edit'

withGateway('manage.account.userMessage.edit', (gateway) => {
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

  it('changes title and text of a system notice', async () => {
    const { uid } = await gateway.addUser()
    const id = await notify(uid)
    const row = { message_id: String(id), user_id: '1', message_is_read: 'true', message_content: 'text' }
    expect((await admin.post(path, { ...row, message_title: 'new' })).text).to.equal(done)
    expect((await admin.post(path, { ...row, message_title: 'new' })).text).to.equal(failed)
    const stored = await gateway.db('account_user_message').where({ message_id: id }).first()
    expect(stored).to.include({
      user_id: uid,
      message_title: 'new',
      message_content: 'text',
      message_is_read: 0,
    })
    expect(await lastEntry(gateway, 'manage.account.userMessage.edit')).to.include({
      target_id: uid,
      detail: `message_id ${id}: message_title`,
    })
  })

  it("leaves users' own messages as they are", async () => {
    const id = await notify((await gateway.addUser()).uid, { message_type: 2 })
    for (const message_id of [String(id), '404404'])
      expect((await admin.post(path, { message_id, message_content: 'new' })).text).to.equal(failed)
  })

  it('is for administrators', async () => {
    expect(await refusalsOf(gateway, path)).to.deep.equal(forAdministrators)
  })
})
