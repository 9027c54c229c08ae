import { type ListedMessageRow, ownMessageList } from '../../../../db/listed-messages.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { answerList } from '../../../rules/lists/lists.js'
import { describeListedMessage } from '../../../rules/messages/descriptions.js'

export default defineMethod('front.account.userMessage.list', {
  auth: 'user',
  handle(call, services) {
    const describe = (row: ListedMessageRow) => describeListedMessage(row, services.config.publicUrl)
    return answerList(services, { definition: ownMessageList(call.session.userId), describe }, call)
  },
})
