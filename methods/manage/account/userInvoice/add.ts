import { transaction } from '../../../../db/transaction.js'
import { userExists } from '../../../../db/users.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'
import { addInvoice } from '../../../rules/shop/invoices.js'

export default defineMethod('manage.account.userInvoice.add', {
  auth: 'permission',
  handle(call, services) {
    const { user_id: userId, ...fields } = call.params
    return transaction(services, async (services) => {
      if (!(await userExists(services.db, userId))) throw new GatewayError('OPERATION_FAILED')
      const invoice = await addInvoice(services, userId, fields)
      await audit(services, call, { targetId: userId, detail: `user_invoice_id ${invoice.user_invoice_id}` })
      return invoice
    })
  },
})
