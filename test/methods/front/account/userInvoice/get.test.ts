import { expect } from 'chai'
import { doneWith, failed, loginRequired, refusal } from '../../../../answers.js'
import { createAccountClient } from '../account-client.js'
import { addInvoiceOwner } from './invoice-client.js'
import { withGateway } from '../../../../suite.js'

withGateway('front.account.userInvoice.get', (gateway) => {
  it('answers one of the caller’s invoices, by either spelling of its id', async () => {
    const owner = await addInvoiceOwner(gateway)
    const invoice = await owner.add({ invoice_title: '甲', invoice_is_default: '1' })
    const expected = doneWith(JSON.stringify(invoice))
    const id = String(invoice.user_invoice_id)
    expect((await owner.get('get', { user_invoice_id: id })).text).to.equal(expected)
    expect((await owner.get('get', { userInvoiceId: id })).text).to.equal(expected)
  })

  it('answers nobody else’s, and none that is not there', async () => {
    const [owner, other] = [await addInvoiceOwner(gateway), await addInvoiceOwner(gateway)]
    const invoice = await other.add({ invoice_title: '别人' })
    for (const id of [String(invoice.user_invoice_id), '0', '9007199254740991']) {
      const { status, text } = await owner.get('get', { user_invoice_id: id, user_id: String(other.uid) })
      expect(status).to.equal(200)
      expect(text, id).to.equal(failed)
    }
  })

  it('needs the id, a login, and GET', async () => {
    const owner = await addInvoiceOwner(gateway)
    const missing = '参数错误：user_invoice_id: integer from 0 to 9007199254740991'
    expect((await owner.get('get')).text).to.equal(refusal(300, missing, 'PARAM_ERROR'))
    const anonymous = await createAccountClient(gateway).get('userInvoice/get', {
      user_invoice_id: '1',
    })
    expect(anonymous.text).to.equal(loginRequired)
    expect((await owner.post('get', { user_invoice_id: '1' })).status).to.equal(405)
  })
})
