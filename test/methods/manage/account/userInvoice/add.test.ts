import { expect } from 'chai'
import { failed } from '../../../../answers.js'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, forAdministrators, lastEntry, refusalsOf } from '../administrators.js'

const path = '/manage/account/userInvoice/add'

withGateway('manage.account.userInvoice.add', (gateway) => {
  const admin = prepared(before, () => addAdmin(gateway))
  it("adds a user's invoice and answers the row", async () => {
    const { uid } = await gateway.addUser()
    const form = { user_id: String(uid), invoice_title: '公司', invoice_is_default: '1' }
    const answer = (await admin.post(path, form)).json
    expect(answer?.data).to.include({ user_id: uid, invoice_title: '公司', invoice_is_default: true })
    expect((await admin.post(path, { ...form, invoice_title: '二' })).json?.code).to.equal(0)
    const rows = await gateway.db('account_user_invoice').where({ user_id: uid }).orderBy('user_invoice_id')
    expect(rows.map(({ invoice_is_default }) => invoice_is_default)).to.deep.equal([0, 1])
    expect(await lastEntry(gateway, 'manage.account.userInvoice.add')).to.include({
      target_id: uid,
      detail: `user_invoice_id ${rows[1]?.user_invoice_id}`,
    })
    expect((await admin.post(path, { ...form, user_id: '404404' })).text).to.equal(failed)
    const company = { ...form, invoice_is_company: '1', invoice_company_code: 'x' }
    expect((await admin.post(path, company)).json?.['error']).to.equal('TAX_NUMBER_WRONG')
  })

  it('is for administrators', async () => {
    expect(await refusalsOf(gateway, path)).to.deep.equal(forAdministrators)
  })
})
