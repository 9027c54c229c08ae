import { findUserBy, type UserKey } from '../../../db/user-lookups.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../gateway/contract/method.js'
import type { Contracts } from '../../../schemas/contracts.js'
import { readMobile } from '../../rules/contacts/account-mobiles.js'
import { normaliseEmail } from '../../rules/contacts/emails.js'
import { toE164 } from '../../rules/contacts/mobiles.js'
import { absolutePictureAddress } from '../../rules/profiles/picture-addresses.js'

export default defineMethod('open.account.get', {
  auth: 'app',
  // A number, an address or an account names a user whom the session need not be of.
  trust: 'own-uid',
  limit: { by: 'app', points: 1000, seconds: 2 },
  async handle({ params }, { db, config }) {
    const user = await findUserBy(db, readKey(params))
    if (!user) throw new GatewayError('USER_NOT_EXISTS')
    return {
      uid: user.user_id,
      account: user.user_account,
      nickname: user.user_nickname ?? '',
      avatar: absolutePictureAddress(user.user_avatar ?? '', config.publicUrl),
      state: user.user_state,
      mobile: user.mobile ?? '',
      email: user.email ?? '',
      level_id: user.user_level_id,
      created_at: user.registered_at,
    }
  },
})

/** The one thing the user is to be found by; an empty one is not given. Throws PARAM_ERROR, MOBILE_FORM. */
function readKey({ uid, mobile, email, account }: Contracts['open.account.get']['params']): UserKey {
  const keys: UserKey[] = []
  if (uid !== undefined) keys.push(['uid', uid])
  if (mobile) keys.push(['mobile', mobile])
  if (email) keys.push(['email', normaliseEmail(email)])
  if (account) keys.push(['account', account])
  const [key, another] = keys
  if (!key || another)
    throw new GatewayError('PARAM_ERROR', { detail: 'uid, mobile, email, account: exactly one of them' })
  return key[0] === 'mobile' ? ['mobile', readE164(key[1])] : key
}

function readE164(text: string): string {
  const mobile = readMobile(text)
  if (!mobile)
    throw new GatewayError('MOBILE_FORM', { detail: 'mobile: +8613912345678, or a number of the mainland' })
  return toE164(mobile)
}
