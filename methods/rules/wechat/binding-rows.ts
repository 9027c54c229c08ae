import { type BindingRow, listBindings, listWechatBindings, saveBinding } from '../../../db/bindings.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { isRowOf, wechatBindTypes, wechatWays } from '../accounts/ways.js'
import { readShownProfile, type WechatUser } from './profiles.js'

/** How an openid is bound to a user: the shop's old server may have unbound it, and bound it to another. */
export async function findBound(
  { db }: Pick<Services, 'db'>,
  { way, openid }: WechatUser,
  userId: number,
): Promise<BindingRow | undefined> {
  const { bindType } = wechatWays[way]
  const rows = await listBindings(db, userId)
  return rows.find((row) => row.bind_active !== 0 && isRowOf(row, bindType, openid))
}

export const noOwners = { ofOpenid: 0, ofUnionid: 0 }

/** The users that rows of an old shop name. Rows were not taken over while their application was not configured. */
export async function findOldOwners(
  { db }: Pick<Services, 'db'>,
  { way, openid, unionid }: WechatUser,
): Promise<typeof noOwners> {
  const rows = await listWechatBindings(db, wechatBindTypes, { openids: [openid], unionid })
  const ofOpenid = rows.find((row) => isRowOf(row, wechatWays[way].bindType, openid))
  const ofUnionid = rows.find((row) => row.bind_unionid === unionid)
  return { ofOpenid: ofOpenid?.user_id ?? 0, ofUnionid: ofUnionid?.user_id ?? 0 }
}

/** Throws WECHAT_TAKEN when the shop's old server was faster. */
export async function saveWechatBinding(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  user: WechatUser,
  userId: number,
): Promise<void> {
  const { way, openid, unionid = '' } = user
  const { nickname, avatar } = readShownProfile(user)
  const isSaved = await saveBinding(db, {
    bind_type: wechatWays[way].bindType,
    bind_id: openid,
    user_id: userId,
    bind_time: clock.now(),
    bind_nickname: nickname,
    bind_icon: avatar,
    bind_openid: openid,
    bind_unionid: unionid,
  })
  if (!isSaved) throw new GatewayError('WECHAT_TAKEN')
}
