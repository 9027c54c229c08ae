import { deletePasskey } from '../../../../db/second-factors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { removeFactor } from '../../../rules/console/factor-changes.js'

export default defineMethod('manage.console.account.removePasskey', {
  auth: 'console',
  ownAccount: true,
  reproof: true,
  handle: (call, services) =>
    removeFactor(services, call, ({ db }) => deletePasskey(db, call.session.userId, call.params.passkey_id)),
})
