import { invoiceList } from '../../../../db/invoices.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { answerList } from '../../../rules/lists/lists.js'
import { describeInvoice } from '../../../rules/shop/invoice-fields.js'

export default defineMethod('manage.account.userInvoice.list', {
  auth: 'permission',
  handle: (call, services) =>
    answerList(services, { definition: invoiceList, describe: describeInvoice }, call),
})
