import { listAuditEntries } from '../../../../db/audit-entries.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'
import { readPlace, readSearch, userOf, writePlace } from '../../../rules/operation/audit/search.js'

export default defineMethod('manage.console.audit.list', {
  auth: 'console',
  async handle(call, services) {
    const { before = '', size, ...search } = call.params
    const place = before === '' ? {} : { before: readPlace(before) }
    const rows = await listAuditEntries(services.db, { ...readSearch(search), ...place, most: size + 1 })
    const items = rows.slice(0, size)
    const last = items.at(-1)
    const targetId = userOf(search)
    // What one user did is that user's data; its further pages are the same look at it.
    if (targetId !== 0 && before === '') await audit(services, call, { targetId })
    return { items, next: rows.length > size && last ? writePlace(last) : '' }
  },
})
