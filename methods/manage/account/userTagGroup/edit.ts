import { transaction } from '../../../../db/transaction.js'
import { lockTagGroup, updateTagGroup } from '../../../../db/user-tags.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { changedFields } from '../../../rules/administration/changed-fields.js'
import { describeTagGroup } from '../../../rules/administration/tags.js'
import { audit } from '../../../rules/audit.js'

export default defineMethod('manage.account.userTagGroup.edit', {
  auth: 'permission',
  permission: 'manage.account.userTagBase.edit',
  async handle(call, services) {
    const { tag_group_id: groupId, ...fields } = call.params
    await transaction(services, async (services) => {
      const { db } = services
      const group = await lockTagGroup(db, groupId)
      if (!group) throw new GatewayError('OPERATION_FAILED')
      const { tag_group_enable: isEnabled, ...others } = changedFields(describeTagGroup(group), fields)
      const change = { ...others, ...(isEnabled !== undefined && { tag_group_enable: Number(isEnabled) }) }
      await updateTagGroup(db, groupId, change)
      const detail = `tag_group_id ${groupId}: ${Object.keys(change).join(', ')}`
      await audit(services, call, { detail })
    })
  },
})
