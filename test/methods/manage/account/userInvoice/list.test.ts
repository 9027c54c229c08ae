import { expect } from 'chai'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, forAdministrators, listOf, refusalsOf } from '../administrators.js'

const path = '/manage/account/userInvoice/list'

withGateway('manage.account.userInvoice.list', (gateway) => {
  const admin = prepared(before, () => addAdmin(gateway))
  const add = async (user_id: number, more: object = {}) => {
    const [id = 0] = await gateway
      .db('account_user_invoice')
      .insert({ user_id, invoice_title: 'title', ...more })
    return id
  }

  it('shows the invoices of all users, or of one', async () => {
    const [one, two] = [await gateway.addUser(), await gateway.addUser()]
    const ids = [await add(one.uid), await add(two.uid), await add(one.uid, { invoice_is_default: 1 })]
    const find = async (params: Record<string, string>) => listOf(await admin.get(path, params)).items
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

  it('is for administrators', async () => {
    expect(await refusalsOf(gateway, path, 'GET')).to.deep.equal(forAdministrators)
  })
})
