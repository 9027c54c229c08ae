import { defineMethod } from '../../../../gateway/contract/method.js'
import { submitCertificate } from '../../../rules/profiles/certificates.js'

export default defineMethod('front.account.user.saveCertificate', {
  auth: 'user',
  async handle(call, services) {
    const { userRealname: realname, userIdcard: idcard, userIdcardImages: images = '' } = call.params
    await submitCertificate(services, { realname, idcard, images }, call)
  },
})
