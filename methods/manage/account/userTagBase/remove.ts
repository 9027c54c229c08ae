import { transaction } from '../../../../db/transaction.js'
import { deleteTag, lockTag } from '../../../../db/user-tags.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'

export default defineMethod('manage.account.userTagBase.remove', {
  auth: 'permission',
  async handle(call, services) {
    const { tag_id: tagId } = call.params
    await transaction(services, async (services) => {
      const { db } = services
      if (!(await lockTag(db, tagId))) throw new GatewayError('OPERATION_FAILED')
      // Users keep its id, which is passed over when they are shown: to take it from them would lock them all.
      await deleteTag(db, tagId)
      await audit(services, call, { detail: `tag_id ${tagId}` })
    })
  },
})
