import { findManagedUser } from '../../../../db/managed-users.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeManagedUserWithCertificate } from '../../../rules/profiles/managed-users.js'
import { withFreshTickets } from '../../../rules/uploads/tickets.js'

export default defineMethod('manage.account.user.get', {
  auth: 'permission',
  async handle({ params }, services) {
    const { db, config } = services
    const user = await findManagedUser(db, params.user_id)
    if (!user) throw new GatewayError('OPERATION_FAILED')
    const described = describeManagedUserWithCertificate(user, config)
    const images = await withFreshTickets(services, user.user_id, described.user_idcard_image_list)
    return { ...described, user_idcard_image_list: images }
  },
})
