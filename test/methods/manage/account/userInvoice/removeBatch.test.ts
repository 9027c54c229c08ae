import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { addInvoice } from '../invoices.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userInvoice.removeBatch', ({ gateway, post, refusesOthers }) => {
  it('removes all of some invoices, or none', async () => {
    const [one, two] = [await gateway.addUser(), await gateway.addUser()]
    const ids = [await addInvoice(gateway, two.uid), await addInvoice(gateway, one.uid)]
    const left = () => gateway.db('account_user_invoice').whereIn('user_invoice_id', ids)
    expect(await post({ user_invoice_id: [...ids, 404404].join(',') })).to.equal(failed)
    expect(await left()).to.have.length(2)
    expect(await post({ user_invoice_id: [...ids, ids[0]].join(',') })).to.equal(done)
    expect(await left()).to.deep.equal([])
    const entries = gateway.db('audit_entry').where({ action: 'manage.account.userInvoice.removeBatch' })
    expect(await entries.orderBy('audit_id').pluck('target_id')).to.deep.equal([two.uid, one.uid])
  })

  refusesOthers()
})
