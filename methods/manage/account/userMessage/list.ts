import { managedMessageList } from '../../../../db/listed-messages.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { answerList } from '../../../rules/lists/lists.js'
import { describeMessage } from '../../../rules/messages/descriptions.js'

export default defineMethod('manage.account.userMessage.list', {
  auth: 'permission',
  handle: (call, services) =>
    answerList(services, { definition: managedMessageList, describe: describeMessage }, call),
})
