import { findCredentials } from '../../../db/credentials.js'
import { GatewayError, isError } from '../../../gateway/outcome/errors.js'
import type { Origin } from '../../../gateway/contract/method.js'
import type { Services } from '../../../gateway/services/services.js'
import { signInUnlocked, type SignInAnswer } from '../accounts/sign-ins.js'
import { settleWechatUser } from './identities.js'
import type { WechatUser } from './profiles.js'
import type { UnownedIdentityRule } from './unowned-identities.js'

/**
 * Signs in a WeChat user; one whom no user is bound to is registered, or refused by `rule`. Throws
 * WECHAT_USER_LOCKED, REGISTRATION_OFF, WECHAT_NOT_BOUND.
 */
export async function signInByWechat(
  services: Services,
  user: WechatUser,
  call: Origin,
  rule: Exclude<UnownedIdentityRule, object> = 'register',
): Promise<SignInAnswer> {
  const userId = await settleWechatUser(services, user, { rule, call })
  const credentials = await findCredentials(services.db, userId)
  // An identity may outlive a user who was deleted by hand.
  if (!credentials) throw new GatewayError('USER_NOT_EXISTS')
  try {
    return await signInUnlocked(services, credentials, call)
  } catch (error) {
    throw isError(error, 'USER_LOCKED') ? new GatewayError('WECHAT_USER_LOCKED') : error
  }
}
