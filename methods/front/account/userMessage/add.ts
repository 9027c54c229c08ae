import { defineMethod } from '../../../../gateway/contract/method.js'
import { sendOrRefuse } from '../../../rules/codes/refused-sends.js'
import { sendUserMessage } from '../../../rules/messages/user-messages.js'

export default defineMethod('front.account.userMessage.add', {
  auth: 'user',
  // Ids and nicknames are not to be tried out by the thousand: who is not found costs nothing of the sender's limits.
  limit: { by: 'user', points: 300, seconds: 60 },
  handle: ({ params, session }, services) =>
    sendOrRefuse(() => sendUserMessage(services, session.userId, params)),
})
