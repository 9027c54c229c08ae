import { defineMethod } from '../../../gateway/contract/method.js'
import { sendToAll } from '../../rules/messages/broadcasts.js'
import { readMessageText } from '../../rules/messages/drafts.js'
import { textBody } from '../../rules/messages/rows.js'

export default defineMethod('open.message.send', {
  auth: 'app',
  // The key of a public application is known to all: nobody could be told apart from the shop.
  trust: 'server',
  // Each may write two thousand rows.
  limit: { by: 'app', points: 50, seconds: 10 },
  async handle({ params }, services) {
    const userIds = [...new Set(params.uids.split(',').map(Number))]
    const body = {
      ...textBody(params.title ?? '', readMessageText(params.content, 'content')),
      message_data_type: params.dataType ?? 0,
      message_data_id: params.dataId ?? '',
    }
    return sendToAll(services, { userIds, senderId: params.senderUid, body })
  },
})
