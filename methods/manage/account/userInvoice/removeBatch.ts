import { defineMethod } from '../../../../gateway/contract/method.js'
import { readBatchIds } from '../../../rules/administration/batch-ids.js'
import { removeInvoices } from '../../../rules/administration/invoice-removals.js'

export default defineMethod('manage.account.userInvoice.removeBatch', {
  auth: 'permission',
  async handle(call, services) {
    await removeInvoices(services, readBatchIds('user_invoice_id', call.params.user_invoice_id), call)
  },
})
