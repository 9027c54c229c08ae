import { expect } from 'chai'
import { addInvoice } from '../invoices.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userInvoice.list', ({ gateway, list, refusesOthers }) => {
  it('shows the invoices of all users, or of one', async () => {
    const [one, two] = [await gateway.addUser(), await gateway.addUser()]
    const ids = [
      await addInvoice(gateway, one.uid),
      await addInvoice(gateway, two.uid),
      await addInvoice(gateway, one.uid, { invoice_is_default: 1 }),
    ]
    const find = async (params: Record<string, string>) => (await list(params)).items
    const idsOf = async (params: Record<string, string>) =>
      (await find(params)).map(({ user_invoice_id }) => user_invoice_id)
    expect(await idsOf({})).to.deep.equal(ids.toReversed())
    const [newest] = await find({ user_id: String(one.uid), size: '500' })
    expect(newest).to.include({
      user_invoice_id: ids[2],
      user_id: one.uid,
      invoice_title: 'title',
      invoice_is_default: true,
    })
    expect(await idsOf({ user_id: String(two.uid) })).to.deep.equal([ids[1]])
  })

  refusesOthers('GET')
})
