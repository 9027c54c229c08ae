import { transaction } from '../../../../db/transaction.js'
import { insertTag, lockTagGroup } from '../../../../db/user-tags.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'

export default defineMethod('manage.account.userTagBase.add', {
  auth: 'permission',
  async handle(call, services) {
    const { tag_title, tag_group_id, tag_sort = 255, tag_enable: isEnabled = true } = call.params
    await transaction(services, async (services) => {
      const { db } = services
      if (!(await lockTagGroup(db, tag_group_id))) throw new GatewayError('OPERATION_FAILED')
      const tagId = await insertTag(db, { tag_title, tag_group_id, tag_sort, tag_enable: Number(isEnabled) })
      await audit(services, call, { detail: `tag_id ${tagId}` })
    })
  },
})
