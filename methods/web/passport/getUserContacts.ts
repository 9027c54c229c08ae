import { defineMethod } from '../../../gateway/contract/method.js'
import { maskNumber } from '../../rules/contacts/masks.js'
import { readProfile } from '../../rules/profiles/passport-profiles.js'

export default defineMethod('web.passport.getUserContacts', {
  auth: 'app',
  trust: 'session',
  success: '成功',
  async handle({ params }, services) {
    const { qq, msn, mobile, phone, area_code, full_address, zip_code } = await readProfile(
      services,
      params.uid,
    )
    const masked = { mobile: maskNumber(mobile), phone: maskNumber(phone) }
    return { uid: params.uid, qq, msn, ...masked, area_code, full_address, zip_code }
  },
})
