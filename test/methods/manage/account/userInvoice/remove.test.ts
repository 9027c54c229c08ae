import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { addInvoice } from '../invoices.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userInvoice.remove', ({ gateway, post, lastEntry, refusesOthers }) => {
  it('removes an invoice', async () => {
    const { uid } = await gateway.addUser()
    const id = await addInvoice(gateway, uid)
    expect(await post({ user_invoice_id: String(id) })).to.equal(done)
    expect(await post({ user_invoice_id: String(id) })).to.equal(failed)
    expect(await lastEntry()).to.include({ target_id: uid, detail: `user_invoice_id ${id}` })
  })

  refusesOthers()
})
