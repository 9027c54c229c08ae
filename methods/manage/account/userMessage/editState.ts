import { transaction } from '../../../../db/transaction.js'
import { lockMessage, updateMessage } from '../../../../db/user-messages.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { unreadKey } from '../../../../gateway/services/live/message-signals.js'
import { defined } from '../../../../gateway/wire/defined-fields.js'
import { changedFields } from '../../../rules/administration/changed-fields.js'
import { audit } from '../../../rules/audit.js'

export default defineMethod('manage.account.userMessage.editState', {
  auth: 'permission',
  async handle(call, services) {
    const { message_id: messageId, message_is_read: isRead, message_is_delete: isDeleted } = call.params
    const state = defined({ message_is_read: flag(isRead), message_is_delete: flag(isDeleted) })
    const userId = await transaction(services, async (services) => {
      const { db } = services
      const message = await lockMessage(db, messageId)
      if (!message) throw new GatewayError('OPERATION_FAILED')
      const { message_is_read, message_is_delete } = message
      const change = changedFields({ message_is_read, message_is_delete }, state)
      await updateMessage(db, messageId, change)
      const detail = `message_id ${messageId}: ${Object.keys(change).join(', ')}`
      await audit(services, call, { targetId: message.user_id, detail })
      return message.user_id
    })
    services.cache.drop(unreadKey(userId))
  },
})

function flag(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : Number(value)
}
