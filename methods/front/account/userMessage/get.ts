import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeMessage } from '../../../rules/messages/descriptions.js'
import { readOwnMessage } from '../../../rules/messages/user-messages.js'

export default defineMethod('front.account.userMessage.get', {
  auth: 'user',
  async handle({ params, session }, services) {
    const message = await readOwnMessage(services, session.userId, params.message_id)
    return message ? describeMessage(message) : null
  },
})
