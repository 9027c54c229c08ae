import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { markMessagesRead } from '../../../rules/messages/user-messages.js'

export default defineMethod('front.account.userMessage.setRead', {
  auth: 'user',
  async handle({ params, session }, services) {
    const which = { messageId: params.message_id, otherId: params.user_other_id }
    if (!(await markMessagesRead(services, session.userId, which))) throw new GatewayError('OPERATION_FAILED')
  },
})
