import { type InTransaction, transaction } from '../../../db/transaction.js'
import { type CallerRow, findCredentials } from '../../../db/credentials.js'
import { findUserInfo } from '../../../db/user-info.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { SignedInOrigin } from '../../../gateway/contract/method.js'
import type { Services } from '../../../gateway/services/services.js'
import { readMobile } from '../contacts/account-mobiles.js'
import { audit } from '../audit.js'
import { takeCode } from '../codes/attempts.js'
import { type Mobile, toE164 } from '../contacts/mobiles.js'
import { lockCaller } from './callers.js'
import type { SignInAnswer } from './sign-ins.js'
import { smsAddress } from '../codes/sms.js'
import { storeMobile, releaseMobile, ownedForm } from './own-mobiles.js'

/** A number and the code that was texted to it. */
export interface MobileProof {
  readonly verifyKey: string
  readonly verifyCode: string
}

/**
 * Makes a number the caller's own, in place of the former one, which is told of it. Throws MOBILE_WRONG for what is no
 * number, VALID_ERROR, MOBILE_TAKEN.
 */
export async function bindMobile(
  services: Services,
  { verifyKey, verifyCode }: MobileProof,
  call: SignedInOrigin,
): Promise<SignInAnswer> {
  const mobile = requireMobile(verifyKey)
  await takeCode(services, { address: smsAddress(mobile), code: verifyCode, purpose: 'bind' }, call)
  return bindProvedMobile(services, mobile, call)
}

/** The same for a number that was proved in another way. Throws MOBILE_TAKEN. */
export async function bindProvedMobile(
  services: Services,
  mobile: Mobile,
  call: SignedInOrigin,
): Promise<SignInAnswer> {
  return changeAsCaller(services, call, (services, caller) => storeMobile(services, caller, mobile))
}

/**
 * Unbinds the caller's own number. For a caller without one the number is bound instead, as the PC site's page asks
 * (account.md §7). Throws MOBILE_WRONG for another number than the caller's own, VALID_ERROR, MOBILE_TAKEN.
 */
export async function unbindMobile(
  services: Services,
  { verifyKey, verifyCode }: MobileProof,
  call: SignedInOrigin,
): Promise<SignInAnswer> {
  const mobile = requireMobile(verifyKey)
  // Before the code is tried: nobody may use up the tries of another's number here.
  const info = await findUserInfo(services.db, call.session.userId)
  const shown = ownedForm(info)
  requireOwn(shown, mobile)
  const purpose = shown === undefined ? 'bind' : 'unbind'
  await takeCode(services, { address: smsAddress(mobile), code: verifyCode, purpose }, call)
  return changeAsCaller(services, call, async (services, caller) => {
    const own = ownedForm(caller)
    requireOwn(own, mobile)
    return own === undefined ? storeMobile(services, caller, mobile) : releaseMobile(services, caller)
  })
}

function requireMobile(text: string): Mobile {
  const mobile = readMobile(text)
  if (!mobile) throw new GatewayError('MOBILE_WRONG')
  return mobile
}

/** Throws MOBILE_WRONG for another number than one's own, if there is one. */
function requireOwn(shown: string | undefined, mobile: Mobile): void {
  if (shown !== undefined && shown !== toE164(mobile)) throw new GatewayError('MOBILE_WRONG')
}

/**
 * Changes the caller's number in one transaction and answers the token of a new session. When `change` has changed
 * something, the caller's other sessions end; that of the call goes on, as the mobile app never stores the new token
 * (account.md §2). Throws TOKEN_BROKEN when it was ended in the meantime.
 */
async function changeAsCaller(
  services: Services,
  call: SignedInOrigin,
  change: (services: InTransaction<Services>, caller: CallerRow) => Promise<boolean>,
): Promise<SignInAnswer> {
  const { session, app, ip } = call
  const { userId, tokenId } = session
  const answer = await transaction(services, async (services) => {
    const { db, sessions } = services
    const caller = await lockCaller(services, session)
    if (await change(services, caller)) {
      await sessions.endAll(db, userId, { except: tokenId })
      await audit(services, call, { targetId: userId })
    }
    const generation = (await findCredentials(db, userId))?.session_generation ?? 0
    return {
      token: await sessions.start(db, { userId, generation, app: app?.name ?? '', ip }),
      user_id: userId,
    }
  })
  services.sessions.forget(userId)
  return answer
}
