import { defineMethod } from '../../../../gateway/method.js'
import { describeMessage } from '../../../rules/message-items.js'
import { readOwnMessage } from '../../../rules/user-messages.js'

export default defineMethod('front.account.userMessage.get', {
  auth: 'user',
  async handle({ params, session }, services) {
    const message = await readOwnMessage(services, session.userId, params.message_id)
    return message ? describeMessage(message) : null
  },
})
