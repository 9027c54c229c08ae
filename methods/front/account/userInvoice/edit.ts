import { transaction } from '../../../../db/transaction.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { editInvoice } from '../../../rules/shop/invoices.js'

export default defineMethod('front.account.userInvoice.edit', {
  auth: 'user',
  async handle({ params, session }, services) {
    const { user_invoice_id: invoiceId, user_id: _, ...fields } = params
    const own = { userId: session.userId, invoiceId }
    const { invoice } = await transaction(services, (services) => editInvoice(services, own, fields))
    return invoice
  },
})
