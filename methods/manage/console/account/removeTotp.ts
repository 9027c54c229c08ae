import { deleteTotp } from '../../../../db/second-factors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { removeFactor } from '../../../rules/console/factor-changes.js'

export default defineMethod('manage.console.account.removeTotp', {
  auth: 'console',
  ownAccount: true,
  reproof: true,
  handle: (call, services) => removeFactor(services, call, ({ db }) => deleteTotp(db, call.session.userId)),
})
