import { managedSessionList, type ManagedSessionRow } from '../../../../db/managed-sessions.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { answerList } from '../../../rules/lists/lists.js'

export default defineMethod('manage.account.userSession.list', {
  auth: 'permission',
  async handle(call, services) {
    const definition = managedSessionList(services.clock.now())
    return answerList(services, { definition, describe: (row: ManagedSessionRow) => row }, call)
  },
})
