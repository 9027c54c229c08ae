import { expect } from 'chai'
import { failed } from '../../../../answers.js'
import { addInvoice } from '../invoices.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userInvoice.edit', ({ gateway, send, post, lastEntry, refusesOthers }) => {
  it("changes the given fields of a user's invoice", async () => {
    const { uid } = await gateway.addUser()
    const id = await addInvoice(gateway, uid, { invoice_content: '办公用品' })
    const form = { user_invoice_id: String(id), invoice_title: 'new', user_id: '1' }
    expect((await send(form)).json?.data).to.include({
      user_invoice_id: id,
      user_id: uid,
      invoice_title: 'new',
      invoice_content: '办公用品',
    })
    expect(await post(form)).to.equal(failed)
    expect(await post({ ...form, user_invoice_id: '404404' })).to.equal(failed)
    expect(await lastEntry()).to.include({ target_id: uid, detail: `user_invoice_id ${id}: invoice_title` })
  })

  refusesOthers()
})
