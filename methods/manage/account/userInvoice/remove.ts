import { defineMethod } from '../../../../gateway/contract/method.js'
import { removeInvoices } from '../../../rules/administration/invoice-removals.js'

export default defineMethod('manage.account.userInvoice.remove', {
  auth: 'permission',
  async handle(call, services) {
    await removeInvoices(services, [call.params.user_invoice_id], call)
  },
})
