import { listTagGroups, listTags } from '../../../../db/user-tags.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeTag } from '../../../rules/administration/tags.js'

export default defineMethod('manage.account.userTagGroup.tree', {
  auth: 'user',
  async handle(_, { db }) {
    const [groups, tags] = await Promise.all([listTagGroups(db), listTags(db)])
    const enabled = tags.filter(({ tag_enable }) => tag_enable !== 0)
    return groups
      .filter(({ tag_group_enable }) => tag_group_enable !== 0)
      .map(({ tag_group_id: groupId, tag_group_name }) => ({
        tag_title: tag_group_name,
        children: enabled.filter(({ tag_group_id }) => tag_group_id === groupId).map(describeTag),
      }))
      .filter(({ children }) => children.length > 0)
  },
})
