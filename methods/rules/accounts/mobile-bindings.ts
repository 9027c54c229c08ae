import { bindAddress, unbindAddress } from '../../../db/bindings.js'
import { findAddressOfUser, findAddressOwner } from '../../../db/address-owners.js'
import { type InTransaction, transaction } from '../../../db/transaction.js'
import { type CallerRow, findCredentials } from '../../../db/credentials.js'
import { findUserInfo, updateMobile } from '../../../db/users.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { SignedInOrigin } from '../../../gateway/contract/method.js'
import type { Services } from '../../../gateway/services/services.js'
import { type NumberColumns, readColumns, readMobile } from '../contacts/account-mobiles.js'
import { audit } from '../audit.js'
import { takeCode } from '../codes/codes.js'
import { type Mobile, toE164 } from '../contacts/mobiles.js'
import { queueNumberNotice } from '../contacts/notice-recipients.js'
import { lockCaller } from './callers.js'
import type { SignInAnswer } from './sign-ins.js'
import { smsAddress } from '../codes/sms.js'
import { hasOtherWayIn } from './ways.js'

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

/** A row's number as it is owned: `+8613912345678`. */
function ownedForm(columns: NumberColumns | undefined): string | undefined {
  const mobile = columns && readColumns(columns)
  return mobile && toE164(mobile)
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

/** Makes a number the user's own, and returns whether it is a new one. Throws MOBILE_TAKEN. */
export async function storeMobile(
  services: InTransaction<Services>,
  caller: NumberColumns & Pick<CallerRow, 'user_id'>,
  mobile: Mobile,
): Promise<boolean> {
  const { db, clock } = services
  const user_id = caller.user_id
  const value = toE164(mobile)
  const now = clock.now()
  // Without waiting for locks, as most who come too late are much too late.
  const owner = await findAddressOwner(db, 'mobile', value)
  if (owner && owner.verified_at !== null && owner.user_id !== user_id) throw new GatewayError('MOBILE_TAKEN')
  const former = await findAddressOfUser(db, 'mobile', user_id)
  const isNew = former?.value !== value || former.verified_at === null || ownedForm(caller) !== value
  if (!isNew) return false
  // The number that is shown gives way; others that the shop has bound to the user stay.
  const replaced = ownedForm(caller) ?? former?.value
  const own = { kind: 'mobile', value, user_id, verified_at: now, created_at: now } as const
  if (!(await bindAddress(db, own, replaced))) throw new GatewayError('MOBILE_TAKEN')
  await updateMobile(db, user_id, `+${mobile.area}`, mobile.number)
  const isChange = former && former.verified_at !== null && former.value !== value
  await queueNumberNotice(services, user_id, isChange ? readMobile(former.value) : undefined)
  return true
}

/**
 * Takes the number from the user's row, and gives it up if the user can sign in without it. Else it stays a way in
 * until another is bound: the apps change a number by unbinding it first (account.md §7).
 */
async function releaseMobile(services: InTransaction<Services>, caller: CallerRow): Promise<true> {
  const { db, clock, queue } = services
  const { user_id } = caller
  const value = ownedForm(caller) ?? ''
  if (await hasOtherWayIn(services, caller, 'mobile')) {
    const own = await findAddressOfUser(db, 'mobile', user_id)
    const told = own && own.verified_at !== null && readMobile(own.value)
    if (told) await queue.add(db, 'mobile-changed', { area: told.area, mobile: told.number })
    await unbindAddress(db, { kind: 'mobile', value, user_id })
  } else {
    // Bound, as it is no longer shown: a number that is neither is nobody's. The code has proved it.
    const now = clock.now()
    await bindAddress(db, { kind: 'mobile', value, user_id, verified_at: now, created_at: now })
  }
  await updateMobile(db, user_id, caller.user_intl || '+86', '')
  return true
}
