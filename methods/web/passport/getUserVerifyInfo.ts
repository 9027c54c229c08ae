import { findVerifiedAddresses } from '../../../db/verified-addresses.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../gateway/contract/method.js'
import { fromColumns, toPassportForm } from '../../rules/contacts/mobiles.js'
import { formatTime } from '../../../gateway/wire/time.js'

export default defineMethod('web.passport.getUserVerifyInfo', {
  auth: 'app',
  trust: 'session',
  async handle({ params }, { db, config }) {
    const user = await findVerifiedAddresses(db, params.uid)
    if (!user) throw new GatewayError('USER_NOT_EXISTS')
    return {
      email: user.user_email ?? '',
      emailVerify: user.email_verified_at === null ? 'N' : 'Y',
      emailVerifyTime: formatTime(user.email_verified_at, config.timeZone),
      mobile: toPassportForm(fromColumns(user.user_intl, user.user_mobile)),
      mobileVerify: user.mobile_verified_at === null ? 'N' : 'Y',
      mobileVerifyTime: formatTime(user.mobile_verified_at, config.timeZone),
      uid: user.user_id,
    }
  },
})
