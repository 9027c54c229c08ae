import { chatList, type ListedMessageRow } from '../../../../db/listed-messages.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { answerList } from '../../../rules/lists/lists.js'
import { describeChatMessage } from '../../../rules/messages/descriptions.js'

/** The PC site, which shows the newest message first as callers do that do not say where they come from. */
const pcSite = 2311

export default defineMethod('front.account.userMessage.listChatMsg', {
  auth: 'user',
  handle(call, services) {
    const { sourceType = pcSite } = call.params
    const definition = chatList(call.session.userId, { oldestFirst: sourceType !== pcSite })
    const describe = (row: ListedMessageRow) => describeChatMessage(row, services.config.publicUrl)
    return answerList(services, { definition, describe }, call)
  },
})
