import { transaction } from '../../../../db/transaction.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'
import { findFactors, hasFactor } from '../../../rules/console/factors.js'
import { renewRecoveryCodes } from '../../../rules/console/recovery-codes.js'

export default defineMethod('manage.console.account.renewRecoveryCodes', {
  auth: 'console',
  ownAccount: true,
  reproof: true,
  handle: (call, services) =>
    transaction(services, async (services) => {
      const { userId } = call.session
      if (!hasFactor(await findFactors(services, userId))) throw new GatewayError('OPERATION_FAILED')
      await audit(services, call, { targetId: userId })
      return { recovery_codes: await renewRecoveryCodes(services, userId) }
    }),
})
