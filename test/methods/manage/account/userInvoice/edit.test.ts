import { expect } from 'chai'
import { failed } from '../../../../answers.js'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, forAdministrators, lastEntry, refusalsOf } from '../administrators.js'

const path = '/manage/account/userInvoice/edit'

withGateway('manage.account.userInvoice.edit', (gateway) => {
  const admin = prepared(before, () => addAdmin(gateway))
  const add = async (user_id: number, more: object = {}) => {
    const [id = 0] = await gateway
      .db('account_user_invoice')
      .insert({ user_id, invoice_title: 'title', ...more })
    return id
  }

  it("changes the given fields of a user's invoice", async () => {
    const { uid } = await gateway.addUser()
    const id = await add(uid, { invoice_content: '办公用品' })
    const form = { user_invoice_id: String(id), invoice_title: 'new', user_id: '1' }
    expect((await admin.post(path, form)).json?.data).to.include({
      user_invoice_id: id,
      user_id: uid,
      invoice_title: 'new',
      invoice_content: '办公用品',
    })
    expect((await admin.post(path, form)).text).to.equal(failed)
    expect((await admin.post(path, { ...form, user_invoice_id: '404404' })).text).to.equal(failed)
    expect(await lastEntry(gateway, 'manage.account.userInvoice.edit')).to.include({
      target_id: uid,
      detail: `user_invoice_id ${id}: invoice_title`,
    })
  })

  it('is for administrators', async () => {
    expect(await refusalsOf(gateway, path)).to.deep.equal(forAdministrators)
  })
})
