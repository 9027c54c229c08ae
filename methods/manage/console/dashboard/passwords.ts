import { defineMethod } from '../../../../gateway/contract/method.js'
import { beginFormCount, listFormCounts } from '../../../rules/operation/password-forms.js'

export default defineMethod('manage.console.dashboard.passwords', {
  auth: 'console',
  async handle(_, services) {
    const days = await listFormCounts(services)
    const begun = await beginFormCount(services)
    // Nobody waits for it: among a million users it takes some seconds.
    begun?.counted.catch((error: unknown) =>
      services.log.warn({ error }, 'password forms could not be counted'),
    )
    return { now: services.clock.now(), is_counting: begun !== undefined, days }
  },
})
