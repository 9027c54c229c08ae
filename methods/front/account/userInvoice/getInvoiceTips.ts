import { findSettings } from '../../../../db/settings.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { invoiceTipsKey } from '../../../rules/settings/own-keys.js'

export default defineMethod('front.account.userInvoice.getInvoiceTips', {
  auth: 'user',
  async handle(_, { db }) {
    return (await findSettings(db, [invoiceTipsKey])).get(invoiceTipsKey) ?? ''
  },
})
