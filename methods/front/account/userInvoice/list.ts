import { invoicesOf } from '../../../../db/invoices.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeInvoice } from '../../../rules/shop/invoice-fields.js'
import { answerList } from '../../../rules/lists/lists.js'

export default defineMethod('front.account.userInvoice.list', {
  auth: 'user',
  handle(call, services) {
    const definition = invoicesOf(call.session.userId)
    return answerList(services, { definition, describe: describeInvoice }, call)
  },
})
