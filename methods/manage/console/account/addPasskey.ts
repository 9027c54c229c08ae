import { defineMethod } from '../../../../gateway/contract/method.js'
import { addFactor } from '../../../rules/console/factor-changes.js'
import { addPasskey } from '../../../rules/console/passkeys.js'

export default defineMethod('manage.console.account.addPasskey', {
  auth: 'console',
  ownAccount: 'enrolling',
  reproof: true,
  handle(call, services) {
    const { userId, tokenId: sessionId } = call.session
    const place = { userId, sessionId, origin: call.console.origin }
    return addFactor(services, call, (services) => addPasskey(services, place, call.params))
  },
})
