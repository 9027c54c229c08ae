import { transaction } from '../../../../db/transaction.js'
import { messageKinds, messageTypes } from '../../../../db/user-messages.js'
import { userExists } from '../../../../db/users.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { unreadKey } from '../../../../gateway/services/live/message-signals.js'
import { audit } from '../../../rules/audit.js'
import { readMessageText } from '../../../rules/messages/drafts.js'
import { sendSystemNotice } from '../../../rules/messages/system-notices.js'

export default defineMethod('manage.account.userMessage.add', {
  auth: 'permission',
  async handle(call, services) {
    const { user_id: userId, message_title: title = '', message_content: text } = call.params
    const { message_kind: kind = messageKinds.received, message_type: type = messageTypes.system } =
      call.params
    // An administrator writes in no user's name.
    if (kind !== messageKinds.received || type !== messageTypes.system)
      throw new GatewayError('OPERATION_FAILED')
    const content = readMessageText(text, 'message_content')
    const at = services.clock.now()
    await transaction(services, async (services) => {
      if (!(await userExists(services.db, userId))) throw new GatewayError('OPERATION_FAILED')
      await sendSystemNotice(services, userId, { title, content, at })
      await audit(services, call, { targetId: userId })
    })
    services.cache.drop(unreadKey(userId))
  },
})
