import { transaction } from '../../../../db/transaction.js'
import { insertTagGroup } from '../../../../db/user-tags.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'

export default defineMethod('manage.account.userTagGroup.add', {
  auth: 'permission',
  permission: 'manage.account.userTagBase.add',
  async handle(call, services) {
    const { tag_group_name, tag_group_sort = 255, tag_group_enable: isEnabled = true } = call.params
    const row = { tag_group_name, tag_group_sort, tag_group_enable: Number(isEnabled) }
    await transaction(services, async (services) => {
      const groupId = await insertTagGroup(services.db, row)
      await audit(services, call, { detail: `tag_group_id ${groupId}` })
    })
  },
})
