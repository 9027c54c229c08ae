import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userMessage.editState', ({ gateway, send, post, lastEntry, refusesOthers }) => {
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

  it('marks a message as read and deleted, and back', async () => {
    const { uid } = await gateway.addUser()
    const id = await notify(uid, { message_type: 2 })
    const edit = (read: string, deleted: string) =>
      send({ message_id: String(id), message_is_read: read, message_is_delete: deleted })
    const state = async () => {
      const row = await gateway.db('account_user_message').where({ message_id: id }).first()
      return [row?.message_is_read, row?.message_is_delete]
    }
    expect((await edit('true', 'true')).text).to.equal(done)
    expect(await state()).to.deep.equal([1, 1])
    expect((await edit('1', '1')).text).to.equal(failed)
    expect((await edit('false', '')).text).to.equal(done)
    expect(await state()).to.deep.equal([0, 1])
    expect(await lastEntry()).to.include({ target_id: uid, detail: `message_id ${id}: message_is_read` })
    expect(await post({ message_id: '404404', message_is_read: '1' })).to.equal(failed)
  })

  refusesOthers()
})
