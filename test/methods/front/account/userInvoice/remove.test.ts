import { expect } from 'chai'
import { done, failed, loginRequired, refusal } from '../../../../answers.js'
import { createAccountClient } from '../account-client.js'
import { addInvoiceOwner } from './invoice-client.js'
import { withGateway } from '../../../../suite.js'

withGateway('front.account.userInvoice.remove', (gateway) => {
  it('removes one of the caller’s invoices, once', async () => {
    const owner = await addInvoiceOwner(gateway)
    const invoice = await owner.add({ invoice_title: '一' })
    await owner.add({ invoice_title: '二' })
    const fields = { user_invoice_id: String(invoice.user_invoice_id) }
    expect(await owner.post('remove', fields)).to.include({ status: 200, text: done })
    expect(await owner.titles()).to.deep.equal(['二'])
    expect((await owner.post('remove', fields)).text).to.equal(failed)
  })

  it('removes nobody else’s', async () => {
    const [owner, other] = [await addInvoiceOwner(gateway), await addInvoiceOwner(gateway)]
    const invoice = await other.add({ invoice_title: '别人' })
    const fields = { user_invoice_id: String(invoice.user_invoice_id), user_id: String(other.uid) }
    expect((await owner.post('remove', fields)).text).to.equal(failed)
    expect(await other.titles()).to.deep.equal(['别人'])
  })

  it('needs the id, a login, and POST', async () => {
    const owner = await addInvoiceOwner(gateway)
    const missing = '参数错误：user_invoice_id: integer from 0 to 9007199254740991'
    expect((await owner.post('remove')).text).to.equal(refusal(300, missing, 'PARAM_ERROR'))
    const anonymous = await createAccountClient(gateway).post('userInvoice/remove', {
      userInvoiceId: '1',
    })
    expect(anonymous.text).to.equal(loginRequired)
    expect((await owner.get('remove', { user_invoice_id: '1' })).status).to.equal(405)
  })
})
