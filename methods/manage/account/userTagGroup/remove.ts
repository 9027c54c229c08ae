import { transaction } from '../../../../db/transaction.js'
import { deleteTagGroup, lockTagGroup, tagGroupHasTags } from '../../../../db/user-tags.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'

export default defineMethod('manage.account.userTagGroup.remove', {
  auth: 'permission',
  permission: 'manage.account.userTagBase.remove',
  async handle(call, services) {
    const { tag_group_id: groupId } = call.params
    await transaction(services, async (services) => {
      const { db } = services
      if (!(await lockTagGroup(db, groupId)) || (await tagGroupHasTags(db, groupId)))
        throw new GatewayError('OPERATION_FAILED')
      await deleteTagGroup(db, groupId)
      await audit(services, call, { detail: `tag_group_id ${groupId}` })
    })
  },
})
