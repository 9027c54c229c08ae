import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, forAdministrators, lastEntry, refusalsOf } from '../administrators.js'

const path = '/manage/account/userInvoice/remove'

withGateway('manage.account.userInvoice.remove', (gateway) => {
  const admin = prepared(before, () => addAdmin(gateway))
  const add = async (user_id: number, more: object = {}) => {
    const [id = 0] = await gateway
      .db('account_user_invoice')
      .insert({ user_id, invoice_title: 'title', ...more })
    return id
  }

  it('removes an invoice', async () => {
    const { uid } = await gateway.addUser()
    const id = await add(uid)
    expect((await admin.post(path, { user_invoice_id: String(id) })).text).to.equal(done)
    expect((await admin.post(path, { user_invoice_id: String(id) })).text).to.equal(failed)
    expect(await lastEntry(gateway, 'manage.account.userInvoice.remove')).to.include({
      target_id: uid,
      detail: `user_invoice_id ${id}`,
    })
  })

  it('is for administrators', async () => {
    expect(await refusalsOf(gateway, path)).to.deep.equal(forAdministrators)
  })
})
