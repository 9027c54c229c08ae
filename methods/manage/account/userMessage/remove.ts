import { transaction } from '../../../../db/transaction.js'
import { deleteMessage, lockMessage } from '../../../../db/user-messages.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { unreadKey } from '../../../../gateway/services/live/message-signals.js'
import { audit } from '../../../rules/audit.js'

export default defineMethod('manage.account.userMessage.remove', {
  auth: 'permission',
  async handle(call, services) {
    const { message_id: messageId } = call.params
    const userId = await transaction(services, async (services) => {
      const { db } = services
      const message = await lockMessage(db, messageId)
      if (!message) throw new GatewayError('OPERATION_FAILED')
      await deleteMessage(db, messageId)
      await audit(services, call, { targetId: message.user_id, detail: `message_id ${messageId}` })
      return message.user_id
    })
    services.cache.drop(unreadKey(userId))
  },
})
