import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { addNotice } from '../messages.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userMessage.remove', ({ gateway, post, lastEntry, refusesOthers }) => {
  it('removes a row', async () => {
    const { uid } = await gateway.addUser()
    const [id, other] = [await addNotice(gateway, uid), await addNotice(gateway, uid)]
    expect(await post({ message_id: String(id) })).to.equal(done)
    expect(await post({ message_id: String(id) })).to.equal(failed)
    const left = gateway.db('account_user_message').where({ user_id: uid })
    expect(await left.pluck('message_id')).to.deep.equal([other])
    expect(await lastEntry()).to.include({ target_id: uid })
  })

  refusesOthers()
})
