import type { Knex } from 'knex'
import { deleteBindings, listBindings } from '../../../db/bindings.js'
import { deleteIdentities, listIdentities } from '../../../db/identities.js'
import { transaction } from '../../../db/transaction.js'
import { type CallerRow, findCaller } from '../../../db/credentials.js'
import { lockUser } from '../../../db/users.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import type { SignedIn } from '../../../gateway/services/sign-in/sessions.js'
import type { Wechat } from '../../../gateway/services/wechat/wechat.js'
import type { WechatWay } from '../../../gateway/services/wechat/client.js'
import { miniOf, officialOf, webOf } from '../../../gateway/services/wechat/ways.js'
import { recordAudit } from '../audit.js'
import type { Binder } from '../accounts/mobile-bindings.js'
import { findNoticeRecipient } from '../contacts/notice-recipients.js'
import { sendSystemNotice } from '../messages/system-notices.js'
import { hasOtherWayIn, wechatWays } from '../accounts/ways.js'
import { settleWithin, type WechatUser } from './bindings.js'
import { openMiniUser } from './mini-users.js'

/** Who a code of one of WeChat's ways stands for. Throws WECHAT_OFF, WECHAT_FAILED. */
export async function readWechatUser(wechat: Wechat, way: WechatWay, code: string): Promise<WechatUser> {
  if (way === 'mini') return openMiniUser(miniOf(wechat), { code })
  const application = way === 'official' ? officialOf(wechat) : webOf(wechat)
  return { ...(await application.readProfile(code)), way, appId: application.appId }
}

/** Lets the caller sign in as somebody of WeChat, and tells him. Throws WECHAT_TAKEN when that is another user's. */
export async function bindWechat(services: Services, binder: Binder, user: WechatUser): Promise<void> {
  const bindTo = binder.session.userId
  await transaction(services.db, async (db) => {
    await lockCaller(db, binder.session)
    const { isNew } = await settleWithin(db, services, user, { rule: { bindTo }, origin: binder })
    if (isNew) await recordChange(db, services, binder, user.way)
  })
}

/**
 * Takes a way of WeChat from the caller, ends his other sessions and tells him. Throws OPERATION_FAILED when he has
 * none, LAST_WAY when it is how he signs in.
 */
export async function unbindWechat(services: Services, binder: Binder, way: WechatWay): Promise<void> {
  const { db, sessions } = services
  const { userId, tokenId } = binder.session
  await transaction(db, async (db) => {
    // Parallel calls for two ways wait here for each other: the second finds the first's gone.
    const caller = await lockCaller(db, binder.session)
    await removeWay(db, services, caller, way)
    await sessions.endAll(db, userId, { except: tokenId })
    await recordChange(db, services, binder, way)
  })
  sessions.forget(userId)
}

/** Throws TOKEN_BROKEN when the session was ended in the meantime. */
async function lockCaller(db: Knex, session: SignedIn): Promise<CallerRow> {
  await lockUser(db, session.userId)
  const caller = await findCaller(db, session)
  if (!caller) throw new GatewayError('TOKEN_BROKEN')
  return caller
}

async function removeWay(
  db: Knex,
  services: Pick<Services, 'wechat'>,
  caller: CallerRow,
  way: WechatWay,
): Promise<void> {
  const { user_id } = caller
  const { bindType } = wechatWays[way]
  const bindings = await listBindings(db, user_id)
  const openids = bindings.filter((row) => row.bind_type === bindType)
  if (openids.length === 0) throw new GatewayError('OPERATION_FAILED')
  if (!(await hasOtherWayIn(db, services, caller, way))) throw new GatewayError('LAST_WAY')
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

/** Who has neither an e-mail address nor a number finds it among his messages. */
async function recordChange(
  db: Knex,
  services: Services,
  { session, action, ip }: Binder,
  way: WechatWay,
): Promise<void> {
  const { userId } = session
  await recordAudit(db, services, {
    action,
    outcome: 'ok',
    actorId: userId,
    targetId: userId,
    ip,
    detail: way,
  })
  const recipient = await findNoticeRecipient(db, userId)
  if (recipient) return services.queue.add(db, 'wechat-changed', recipient)
  await sendSystemNotice(db, userId, {
    title: '微信绑定已更改 / WeChat binding changed',
    content: '您的账号绑定的微信已更改。 / A WeChat was added to or removed from your account.',
    at: services.clock.now(),
  })
}
