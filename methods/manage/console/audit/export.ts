import { listAuditEntries } from '../../../../db/audit-entries.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'
import { readSearch, userOf } from '../../../rules/operation/audit/search.js'
import { writeAuditTable } from '../../../rules/operation/audit/table.js'

/** As many as the command line shows at once. */
const mostEntries = 10_000

export default defineMethod('manage.console.audit.export', {
  auth: 'console',
  reproof: true,
  async handle(call, services) {
    const found = await listAuditEntries(services.db, { ...readSearch(call.params), most: mostEntries + 1 })
    const rows = found.slice(0, mostEntries)
    await audit(services, call, { targetId: userOf(call.params), detail: `${rows.length} entries` })
    return { csv: writeAuditTable(rows), rows: rows.length, is_whole: found.length <= mostEntries }
  },
})
