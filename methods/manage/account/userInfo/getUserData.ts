import { findManagedUser } from '../../../../db/managed-users.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeUserDetails } from '../../../rules/administration/user-details.js'
import { withFreshTickets } from '../../../rules/uploads/tickets.js'

export default defineMethod('manage.account.userInfo.getUserData', {
  auth: 'user',
  async handle({ params, session }, services) {
    const { db, permissions } = services
    const userId = params.user_id ?? session.userId
    const isPermitted =
      userId === session.userId ||
      (await permissions.includes(session.userId, 'manage.account.userInfo.list'))
    if (!isPermitted) throw new GatewayError('PERMISSION_DENIED')
    const user = await findManagedUser(db, userId)
    if (!user) throw new GatewayError('OPERATION_FAILED')
    const details = await describeUserDetails(services, user)
    const images = await withFreshTickets(services, userId, details.user_idcard_image_list)
    return { ...details, user_idcard_image_list: images }
  },
})
