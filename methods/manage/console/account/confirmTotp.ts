import { defineMethod } from '../../../../gateway/contract/method.js'
import { addFactor } from '../../../rules/console/factor-changes.js'
import { confirmNewTotp } from '../../../rules/console/totp.js'

export default defineMethod('manage.console.account.confirmTotp', {
  auth: 'console',
  ownAccount: 'enrolling',
  reproof: true,
  handle: (call, services) =>
    addFactor(services, call, (services) => confirmNewTotp(services, call.session.userId, call.params.code)),
})
