import { defineMethod } from '../../../../gateway/contract/method.js'
import { beginFormCount } from '../../../rules/observation/password-forms.js'

export default defineMethod('manage.console.dashboard.countPasswords', {
  auth: 'console',
  async handle(_, services) {
    const begun = await beginFormCount(services)
    // Nobody waits for it: among a million users it takes some seconds.
    begun?.counted.catch((error: unknown) =>
      services.log.warn({ error }, 'password forms could not be counted'),
    )
    return { is_counting: begun !== undefined }
  },
})
