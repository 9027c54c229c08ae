import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { addNotice } from '../messages.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userMessage.edit', ({ gateway, post, lastEntry, refusesOthers }) => {
  it('changes title and text of a system notice', async () => {
    const { uid } = await gateway.addUser()
    const id = await addNotice(gateway, uid)
    const row = { message_id: String(id), user_id: '1', message_is_read: 'true', message_content: 'text' }
    expect(await post({ ...row, message_title: 'new' })).to.equal(done)
    expect(await post({ ...row, message_title: 'new' })).to.equal(failed)
    const stored = await gateway.db('account_user_message').where({ message_id: id }).first()
    expect(stored).to.include({
      user_id: uid,
      message_title: 'new',
      message_content: 'text',
      message_is_read: 0,
    })
    expect(await lastEntry()).to.include({ target_id: uid, detail: `message_id ${id}: message_title` })
  })

  it("leaves users' own messages as they are", async () => {
    const id = await addNotice(gateway, (await gateway.addUser()).uid, { message_type: 2 })
    for (const message_id of [String(id), '404404'])
      expect(await post({ message_id, message_content: 'new' })).to.equal(failed)
  })

  refusesOthers()
})
