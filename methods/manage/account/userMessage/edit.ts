import { transaction } from '../../../../db/transaction.js'
import { lockMessage, messageTypes, updateMessage } from '../../../../db/user-messages.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { defined } from '../../../../gateway/wire/defined-fields.js'
import { changedFields } from '../../../rules/administration/changed-fields.js'
import { audit } from '../../../rules/audit.js'
import { describeMessage } from '../../../rules/messages/descriptions.js'
import { readMessageText } from '../../../rules/messages/drafts.js'

export default defineMethod('manage.account.userMessage.edit', {
  auth: 'permission',
  async handle(call, services) {
    const { message_id: messageId, message_title, message_content: text } = call.params
    const message_content = text === undefined ? undefined : readMessageText(text, 'message_content')
    await transaction(services, async (services) => {
      const { db } = services
      const message = await lockMessage(db, messageId)
      // What users wrote to each other stays as they wrote it.
      if (message?.message_type !== messageTypes.system) throw new GatewayError('OPERATION_FAILED')
      const { message_title: oldTitle, message_content: oldContent } = describeMessage(message)
      const old = { message_title: oldTitle, message_content: oldContent }
      const change = changedFields(old, defined({ message_title, message_content }))
      await updateMessage(db, messageId, change)
      const detail = `message_id ${messageId}: ${Object.keys(change).join(', ')}`
      await audit(services, call, { targetId: message.user_id, detail })
    })
  },
})
