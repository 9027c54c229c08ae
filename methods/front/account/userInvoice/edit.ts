import { defineMethod } from '../../../../gateway/contract/method.js'
import { editInvoice } from '../../../rules/shop/invoices.js'

export default defineMethod('front.account.userInvoice.edit', {
  auth: 'user',
  handle({ params, session }, services) {
    const { user_invoice_id: invoiceId, user_id: _, ...fields } = params
    return editInvoice(services, { userId: session.userId, invoiceId }, fields)
  },
})
