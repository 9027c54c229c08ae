import { type AddressKind, findAddressOfUser } from '../../../db/address-owners.js'
import { unbindAddress } from '../../../db/bindings.js'
import { type CallerRow, findCaller } from '../../../db/credentials.js'
import { type InTransaction, transaction } from '../../../db/transaction.js'
import { lockUser } from '../../../db/users.js'
import { findUserInfo, updateEmail, updateMobile } from '../../../db/user-info.js'
import type { SignedInOrigin } from '../../../gateway/contract/method.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import type { WechatWay } from '../../../gateway/services/wechat/client.js'
import { hasOtherWayIn } from '../accounts/ways.js'
import { requireNobodyAbove } from '../administration/ranks.js'
import { audit } from '../audit.js'
import { readE164, readMobile } from '../contacts/account-mobiles.js'
import { removeWay, tellWechatChanged } from '../wechat/bindings.js'

export interface Unbinding {
  readonly userId: number
  readonly way: AddressKind | WechatWay
}

/**
 * Takes a number, an e-mail address or a WeChat from a user, who is told of it; all of the user's sessions end, but that
 * of the call. Throws OPERATION_FAILED for what is not bound, for nobody and for one above, LAST_WAY when the user could
 * not sign in without it.
 */
export async function unbindWay(
  services: Services,
  { userId, way }: Unbinding,
  call: SignedInOrigin,
): Promise<void> {
  await transaction(services, async (services) => {
    const { db, sessions } = services
    const user = (await lockUser(db, userId)) && (await findCaller(db, userId))
    if (!user) throw new GatewayError('OPERATION_FAILED')
    await requireNobodyAbove(services, userId, call)
    if (way === 'mobile' || way === 'email') await removeAddress(services, user, way)
    else {
      await removeWay(services, user, way)
      await tellWechatChanged(services, userId)
    }
    const { userId: actorId, tokenId } = call.session
    await sessions.endAll(db, userId, { except: actorId === userId ? tokenId : undefined })
    await audit(services, call, { targetId: userId, detail: way })
  })
  services.sessions.forget(userId)
}

async function removeAddress(
  services: InTransaction<Services>,
  user: CallerRow,
  kind: AddressKind,
): Promise<void> {
  const { db } = services
  const { user_id } = user
  const own = await findAddressOfUser(db, kind, user_id)
  const shown = kind === 'mobile' ? readE164(user) : (await findUserInfo(db, user_id))?.user_email
  const values = [...new Set([own?.value, shown?.toLowerCase()])].filter((value) => value)
  if (values.length === 0) throw new GatewayError('OPERATION_FAILED')
  if (own && !(await hasOtherWayIn(services, user, kind))) throw new GatewayError('LAST_WAY')
  for (const value of values) if (value) await unbindAddress(db, { kind, value, user_id })
  if (kind === 'mobile') await updateMobile(db, user_id, user.user_intl || '+86', '')
  else await updateEmail(db, user_id, '')
  if (own && own.verified_at !== null) await tellFormer(services, kind, own.value)
}

async function tellFormer(
  { db, queue }: InTransaction<Services>,
  kind: AddressKind,
  value: string,
): Promise<void> {
  if (kind === 'email') return queue.add(db, 'email-changed', { email: value })
  const mobile = readMobile(value)
  if (mobile) await queue.add(db, 'mobile-changed', { area: mobile.area, mobile: mobile.number })
}
