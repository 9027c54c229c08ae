import { findInvoice } from '../../../../db/invoices.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeInvoice } from '../../../rules/shop/invoice-fields.js'

export default defineMethod('front.account.userInvoice.get', {
  auth: 'user',
  async handle({ params, session }, { db }) {
    const own = { userId: session.userId, invoiceId: params.user_invoice_id }
    const invoice = await findInvoice(db, own)
    if (!invoice) throw new GatewayError('OPERATION_FAILED')
    return describeInvoice(invoice)
  },
})
