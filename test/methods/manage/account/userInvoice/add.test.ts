import { expect } from 'chai'
import { failed } from '../../../../answers.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userInvoice.add', ({ gateway, send, post, lastEntry, refusesOthers }) => {
  it("adds a user's invoice and answers the row", async () => {
    const { uid } = await gateway.addUser()
    const form = { user_id: String(uid), invoice_title: '公司', invoice_is_default: '1' }
    const answer = (await send(form)).json
    expect(answer?.data).to.include({ user_id: uid, invoice_title: '公司', invoice_is_default: true })
    expect((await send({ ...form, invoice_title: '二' })).json?.code).to.equal(0)
    const rows = await gateway.db('account_user_invoice').where({ user_id: uid }).orderBy('user_invoice_id')
    expect(rows.map(({ invoice_is_default }) => invoice_is_default)).to.deep.equal([0, 1])
    expect(await lastEntry()).to.include({
      target_id: uid,
      detail: `user_invoice_id ${rows[1]?.user_invoice_id}`,
    })
    expect(await post({ ...form, user_id: '404404' })).to.equal(failed)
    const company = { ...form, invoice_is_company: '1', invoice_company_code: 'x' }
    expect((await send(company)).json?.['error']).to.equal('TAX_NUMBER_WRONG')
  })

  refusesOthers()
})
