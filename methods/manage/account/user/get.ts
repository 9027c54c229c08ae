import { findManagedUser } from '../../../../db/managed-users.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeManagedUserWithCertificate } from '../../../rules/profiles/managed-users.js'

export default defineMethod('manage.account.user.get', {
  auth: 'permission',
  async handle({ params }, { db, config }) {
    const user = await findManagedUser(db, params.user_id)
    if (!user) throw new GatewayError('OPERATION_FAILED')
    return describeManagedUserWithCertificate(user, config)
  },
})
