import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, forAdministrators, refusalsOf } from '../administrators.js'

const path = '/manage/account/userInvoice/removeBatch'

withGateway('manage.account.userInvoice.removeBatch', (gateway) => {
  const admin = prepared(before, () => addAdmin(gateway))
  const add = async (user_id: number, more: object = {}) => {
    const [id = 0] = await gateway
      .db('account_user_invoice')
      .insert({ user_id, invoice_title: 'title', ...more })
    return id
  }

  it('removes all of some invoices, or none', async () => {
    const [one, two] = [await gateway.addUser(), await gateway.addUser()]
    const ids = [await add(two.uid), await add(one.uid)]
    const left = () => gateway.db('account_user_invoice').whereIn('user_invoice_id', ids)
    expect((await admin.post(path, { user_invoice_id: [...ids, 404404].join(',') })).text).to.equal(failed)
    expect(await left()).to.have.length(2)
    expect((await admin.post(path, { user_invoice_id: [...ids, ids[0]].join(',') })).text).to.equal(done)
    expect(await left()).to.deep.equal([])
    const entries = gateway.db('audit_entry').where({ action: 'manage.account.userInvoice.removeBatch' })
    expect(await entries.orderBy('audit_id').pluck('target_id')).to.deep.equal([two.uid, one.uid])
  })

  it('is for administrators', async () => {
    expect(await refusalsOf(gateway, path)).to.deep.equal(forAdministrators)
  })
})
