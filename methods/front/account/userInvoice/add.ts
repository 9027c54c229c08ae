import { transaction } from '../../../../db/transaction.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { addInvoice } from '../../../rules/shop/invoices.js'

export default defineMethod('front.account.userInvoice.add', {
  auth: 'user',
  handle({ params, session }, services) {
    const { user_id: _, ...fields } = params
    return transaction(services, (services) => addInvoice(services, session.userId, fields))
  },
})
