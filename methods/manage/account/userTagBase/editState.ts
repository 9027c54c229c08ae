import { defineMethod } from '../../../../gateway/contract/method.js'
import { editTag } from '../../../rules/administration/tag-edits.js'

export default defineMethod('manage.account.userTagBase.editState', {
  auth: 'permission',
  async handle(call, services) {
    const { tag_id: tagId, ...fields } = call.params
    await editTag(services, tagId, { fields, call })
  },
})
