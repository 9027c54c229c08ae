import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'
import { describeWaitingCertificates } from '../../../rules/support/certificates.js'

export default defineMethod('manage.console.certificate.list', {
  auth: 'console',
  async handle(call, services) {
    const { after, size: most } = call.params
    const page = await describeWaitingCertificates(services, { after, most })
    const events = page.items.map(({ user_id: targetId }) => ({ targetId }))
    if (events.length > 0) await audit(services, call, ...events)
    return page
  },
})
