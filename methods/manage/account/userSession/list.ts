import { type ManagedSessionRow, managedSessionList } from '../../../../db/sessions.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { answerList } from '../../../rules/lists.js'

export default defineMethod('manage.account.userSession.list', {
  auth: 'permission',
  async handle(call, services) {
    const definition = managedSessionList(services.clock.now())
    return answerList(services, { definition, describe: (row: ManagedSessionRow) => row }, call)
  },
})
