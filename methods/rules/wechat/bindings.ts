import { deleteBindings, listBindings } from '../../../db/bindings.js'
import { deleteIdentities, listIdentities } from '../../../db/identities.js'
import { type InTransaction, transaction } from '../../../db/transaction.js'
import type { CallerRow } from '../../../db/credentials.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { SignedInOrigin } from '../../../gateway/contract/method.js'
import type { Services } from '../../../gateway/services/services.js'
import type { WechatWay } from '../../../gateway/services/wechat/client.js'
import { officialOf, webOf } from '../../../gateway/services/wechat/ways.js'
import { audit } from '../audit.js'
import { findNoticeRecipient } from '../contacts/notice-recipients.js'
import { sendSystemNotice } from '../messages/system-notices.js'
import { lockCaller } from '../accounts/callers.js'
import { hasOtherWayIn, wechatWays } from '../accounts/ways.js'
import { settleWithin } from './identities.js'
import type { WechatUser } from './profiles.js'
import { openMiniUser } from './mini-users.js'

/** Asks WeChat whom a code of one of its ways stands for. Throws WECHAT_OFF, WECHAT_FAILED. */
export async function readWechatUser(
  services: Pick<Services, 'wechat'>,
  way: WechatWay,
  code: string,
): Promise<WechatUser> {
  if (way === 'mini') return openMiniUser(services, { code })
  const application = way === 'official' ? officialOf(services.wechat) : webOf(services.wechat)
  return { ...(await application.readProfile(code)), way, appId: application.appId }
}

/** Binds a WeChat user to the caller, who is told of it. Throws WECHAT_TAKEN when another user has it. */
export async function bindWechat(services: Services, user: WechatUser, call: SignedInOrigin): Promise<void> {
  const bindTo = call.session.userId
  await transaction(services, async (services) => {
    await lockCaller(services, call.session)
    const { isNew } = await settleWithin(services, user, { rule: { bindTo }, call })
    if (isNew) await recordChange(services, user.way, call)
  })
}

/**
 * Unbinds a way of WeChat from the caller, who is told of it; the caller's other sessions end. Throws
 * OPERATION_FAILED when it is not bound, LAST_WAY when there is no other way to sign in.
 */
export async function unbindWechat(services: Services, way: WechatWay, call: SignedInOrigin): Promise<void> {
  const { userId, tokenId } = call.session
  await transaction(services, async (services) => {
    const { db, sessions } = services
    // Parallel calls for two ways wait here for each other: the second finds the first's gone.
    const caller = await lockCaller(services, call.session)
    await removeWay(services, caller, way)
    await sessions.endAll(db, userId, { except: tokenId })
    await recordChange(services, way, call)
  })
  services.sessions.forget(userId)
}

/**
 * Takes a way of WeChat from a user whom the caller's transaction has locked. Throws OPERATION_FAILED when it is not
 * bound, LAST_WAY when there is no other way to sign in.
 */
export async function removeWay(
  services: InTransaction<Pick<Services, 'db' | 'wechat'>>,
  caller: CallerRow,
  way: WechatWay,
): Promise<void> {
  const { db } = services
  const { user_id } = caller
  const { bindType } = wechatWays[way]
  const bindings = await listBindings(db, user_id)
  const openids = bindings.filter((row) => row.bind_type === bindType)
  if (openids.length === 0) throw new GatewayError('OPERATION_FAILED')
  if (!(await hasOtherWayIn(services, caller, way))) throw new GatewayError('LAST_WAY')
  const rest = bindings.filter((row) => row.bind_type !== bindType)
  const gone = (await listIdentities(db, 'wechat', user_id)).filter(({ value }) =>
    openids.some(({ bind_id, bind_openid }) => [bind_id, bind_openid].includes(openidOf(value))),
  )
  const unions = (await listIdentities(db, 'wechat-union', user_id)).filter(
    ({ value }) => !rest.some(({ bind_unionid }) => bind_unionid === value),
  )
  await deleteIdentities(db, [...gone, ...unions], user_id)
  await deleteBindings(db, user_id, bindType)
}

function openidOf(value: string): string {
  return value.slice(value.indexOf(':') + 1)
}

async function recordChange(
  services: InTransaction<Services>,
  way: WechatWay,
  call: SignedInOrigin,
): Promise<void> {
  const { userId } = call.session
  await audit(services, call, { targetId: userId, detail: way })
  await tellWechatChanged(services, userId)
}

/** Lets a user know. The notice goes to the inbox of who has neither an e-mail address nor a number. */
export async function tellWechatChanged(services: InTransaction<Services>, userId: number): Promise<void> {
  const { db, queue, clock } = services
  const recipient = await findNoticeRecipient(services, userId)
  if (recipient) return queue.add(db, 'wechat-changed', recipient)
  await sendSystemNotice(services, userId, {
    title: '微信绑定已更改 / WeChat binding changed',
    content: '您的账号绑定的微信已更改。 / A WeChat was added to or removed from your account.',
    at: clock.now(),
  })
}
