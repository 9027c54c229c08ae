import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userMessage.add', ({ gateway, send, post, lastEntry, refusesOthers }) => {
  const rowsOf = (user_id: number) => gateway.db('account_user_message').where({ user_id })

  it('sends a system notice', async () => {
    const { uid } = await gateway.addUser({ nickname: '甲' })
    const text = { user_id: String(uid), message_title: '通知', message_content: 'see <a href="/x">x</a>' }
    const form = {
      ...text,
      message_kind: '2',
      message_type: '1',
      message_time: '5',
      message_is_read: 'true',
    }
    expect(await post(form)).to.equal(done)
    const rows = await rowsOf(uid)
    expect(rows).to.have.length(1)
    expect(rows[0]).to.include({
      user_nickname: '甲',
      message_kind: 2,
      message_type: 1,
      message_title: '通知',
      message_content: 'see <a href="/x">x</a>',
      message_is_read: 0,
    })
    expect(rows[0]?.message_time).to.be.closeTo(Date.now(), 60_000)
    expect(await lastEntry()).to.include({ target_id: uid })
  })

  it('leaves no markup in the text but pictures and links', async () => {
    const { uid } = await gateway.addUser()
    await send({ user_id: String(uid), message_content: '<script>alert(1)</script>' })
    expect((await rowsOf(uid))[0]?.message_content).not.to.include('<script')
  })

  it('sends no other kind of message, and none to nobody', async () => {
    const { uid } = await gateway.addUser()
    const text = { user_id: String(uid), message_content: 'text' }
    expect(await post({ ...text, message_kind: '1' })).to.equal(failed)
    expect(await post({ ...text, message_type: '2' })).to.equal(failed)
    expect(await post({ ...text, user_id: '404404' })).to.equal(failed)
    expect(await rowsOf(uid)).to.deep.equal([])
  })

  refusesOthers()
})
