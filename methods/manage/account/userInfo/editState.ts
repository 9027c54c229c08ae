import { authentication } from '../../../../db/user-certificates.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { reviewCertificate } from '../../../rules/administration/certificate-reviews.js'

export default defineMethod('manage.account.userInfo.editState', {
  auth: 'permission',
  async handle(call, services) {
    const { user_id: userId, user_is_authentication: state } = call.params
    await reviewCertificate(services, { userId, passed: state === authentication.passed, note: '' }, call)
  },
})
