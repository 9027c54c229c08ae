import { type ListedAuditEntry, auditList } from '../../../../db/audit-entries.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { answerList } from '../../../rules/lists/lists.js'

export default defineMethod('manage.account.audit.list', {
  auth: 'permission',
  handle: (call, services) =>
    answerList(services, { definition: auditList, describe: (row: ListedAuditEntry) => row }, call),
})
