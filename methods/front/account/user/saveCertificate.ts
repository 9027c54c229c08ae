import { defineMethod } from '../../../../gateway/contract/method.js'
import { submitCertificate } from '../../../rules/profiles/certificates.js'

export default defineMethod('front.account.user.saveCertificate', {
  auth: 'user',
  async handle({ params, session, ip }, services) {
    const { userRealname: realname, userIdcard: idcard, userIdcardImages: images = '' } = params
    await submitCertificate(services, { session, ip }, { realname, idcard, images })
  },
})
