import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { removeInvoices } from '../../../rules/administration/invoice-removals.js'

export default defineMethod('manage.account.userInvoice.removeBatch', {
  auth: 'permission',
  async handle(call, services) {
    const invoiceIds = call.params.user_invoice_id.split(',').map(Number)
    if (!invoiceIds.every(Number.isSafeInteger))
      throw new GatewayError('PARAM_ERROR', { detail: 'user_invoice_id: ids of at most 9007199254740991' })
    await removeInvoices(services, invoiceIds, call)
  },
})
