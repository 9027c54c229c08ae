import { transaction } from '../../../../db/transaction.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { removeInvoice } from '../../../rules/shop/invoices.js'

export default defineMethod('front.account.userInvoice.remove', {
  auth: 'user',
  async handle({ params, session }, services) {
    const own = { userId: session.userId, invoiceId: params.user_invoice_id }
    await transaction(services, (services) => removeInvoice(services, own))
  },
})
