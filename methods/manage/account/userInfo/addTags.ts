import { transaction } from '../../../../db/transaction.js'
import { lockUser } from '../../../../db/users.js'
import { saveUserInfo } from '../../../../db/user-info.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { readTagIds } from '../../../rules/administration/tags.js'
import { audit } from '../../../rules/audit.js'

export default defineMethod('manage.account.userInfo.addTags', {
  auth: 'permission',
  permission: 'manage.account.userInfo.edit',
  async handle(call, services) {
    const tag_ids = readTagIds(call.params.tag_ids ?? '').join(',')
    // In order, so that two calls never wait for each other.
    const userIds = [...new Set(call.params.user_ids.split(',').map(Number))].sort(
      (left, right) => left - right,
    )
    await transaction(services, async (services) => {
      const { db } = services
      for (const userId of userIds) {
        if (!(await lockUser(db, userId))) throw new GatewayError('OPERATION_FAILED')
        await saveUserInfo(db, userId, { tag_ids })
      }
      const detail = `tag_ids ${tag_ids}`
      await audit(services, call, ...userIds.map((targetId) => ({ targetId, detail })))
    })
  },
})
