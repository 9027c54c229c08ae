import { listInvoiceOwners } from '../../../../db/invoices.js'
import { transaction } from '../../../../db/transaction.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'
import { editInvoice } from '../../../rules/shop/invoices.js'

export default defineMethod('manage.account.userInvoice.edit', {
  auth: 'permission',
  handle(call, services) {
    const { user_invoice_id: invoiceId, ...fields } = call.params
    return transaction(services, async (services) => {
      const [owner] = await listInvoiceOwners(services.db, [invoiceId])
      if (!owner) throw new GatewayError('OPERATION_FAILED')
      const { user_id: userId } = owner
      const { invoice, changed } = await editInvoice(services, { userId, invoiceId }, fields)
      if (changed.length === 0) throw new GatewayError('OPERATION_FAILED')
      const detail = `user_invoice_id ${invoiceId}: ${changed.join(', ')}`
      await audit(services, call, { targetId: userId, detail })
      return invoice
    })
  },
})
