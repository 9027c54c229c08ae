import { isLeadingAdmin } from '../../../../db/admins.js'
import { transaction } from '../../../../db/transaction.js'
import { deleteUser } from '../../../../db/user-removals.js'
import { listUploadNames } from '../../../../db/uploaded-files.js'
import { lockUser } from '../../../../db/users.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { requireLowerRank } from '../../../rules/administration/ranks.js'
import { audit } from '../../../rules/audit.js'
import { removeFiles } from '../../../rules/uploads/uploads.js'

/** The built-in role: whoever has it can't be removed with a click. */
const leadingRole = '管理员'

export default defineMethod('manage.account.userInfo.remove', {
  auth: 'permission',
  reproof: true,
  async handle(call, services) {
    const { user_id: userId } = call.params
    if (userId === call.session.userId) throw new GatewayError('OPERATION_FAILED')
    const files = await transaction(services, async (services) => {
      const { db } = services
      if (!(await lockUser(db, userId))) throw new GatewayError('OPERATION_FAILED')
      if (await isLeadingAdmin(db, userId, leadingRole)) throw new GatewayError('ADMINISTRATOR_STAYS')
      await requireLowerRank(services, userId, call)
      const uploads = await listUploadNames(db, userId)
      await deleteUser(db, userId)
      await audit(services, call, { targetId: userId })
      return uploads
    })
    services.sessions.forget(userId)
    services.cache.drop(`permissions:${userId}`)
    await removeFiles(services, files)
  },
})
