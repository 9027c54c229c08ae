import { authentication } from '../../../../db/user-certificates.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { reviewCertificate } from '../../../rules/administration/certificate-reviews.js'

export default defineMethod('manage.account.user.reviewCertificate', {
  auth: 'permission',
  async handle(call, services) {
    const { user_id: userId, user_is_authentication: state, note = '' } = call.params
    const passed = call.params.passed ?? (state === undefined ? undefined : state === authentication.passed)
    if (passed === undefined) throw new GatewayError('PARAM_ERROR', { detail: 'passed: boolean' })
    await reviewCertificate(services, { userId, passed, note }, call)
  },
})
