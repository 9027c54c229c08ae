import { GatewayError } from '../../../gateway/outcome/errors.js'
import { type Fields, parseObject, textOf } from '../../../gateway/services/wechat/fields.js'
import { decryptUserData, isForProgram } from '../../../gateway/services/wechat/user-data-crypto.js'
import type { Services } from '../../../gateway/services/services.js'
import { miniOf } from '../../../gateway/services/wechat/ways.js'
import type { MiniProgram, MiniSession } from '../../../gateway/services/wechat/wechat.js'
import type { WechatUser } from './profiles.js'
import type { ShownProfile } from './profiles.js'
import { defined } from '../../../gateway/wire/defined-fields.js'

/** What a mini program sends of its user. */
export interface MiniSignIn {
  readonly code: string
  readonly encryptedData?: string
  readonly iv?: string
  /** JSON; what is none is ignored. */
  readonly user_info?: string
}

/**
 * Who uses the mini program, as WeChat says for the code: nothing the program sends says who somebody is, the encrypted
 * data neither, as who sends it can rewrite it without the key. What can be read of it must be of this program and this
 * user; of nickname and avatar it counts more than `user_info`. What can't is passed over: a program may have encrypted
 * it under the key of an earlier session, and the code is spent. Throws WECHAT_OFF, WECHAT_FAILED.
 */
export async function openMiniUser(
  { wechat }: Pick<Services, 'wechat'>,
  sent: MiniSignIn,
): Promise<WechatUser> {
  const mini = miniOf(wechat)
  const session = await mini.openSession(sent.code)
  const data = readUserData(mini, session, sent)
  const { openid, unionid } = session
  return {
    way: 'mini',
    appId: mini.appId,
    openid,
    ...defined({ unionid }),
    ...readProfile(data ?? parseObject(sent.user_info ?? '') ?? {}),
  }
}

function readUserData(
  { appId }: MiniProgram,
  { sessionKey, openid }: MiniSession,
  { encryptedData = '', iv = '' }: MiniSignIn,
): Fields | undefined {
  if (encryptedData === '') return undefined
  const sealed = { encryptedData: decodeAgain(encryptedData), iv: decodeAgain(iv) }
  const data = decryptUserData({ ...sealed, sessionKey })
  const isForeign = data && (!isForProgram(data, appId) || (textOf(data, 'openId') || openid) !== openid)
  if (isForeign) throw new GatewayError('WECHAT_FAILED')
  return data
}

/** The mobile app percent-encodes once too often; and a `+` of base64 may have arrived as a space. */
function decodeAgain(text: string): string {
  const plus = text.replaceAll(' ', '+')
  if (!plus.includes('%')) return plus
  try {
    return decodeURIComponent(plus)
  } catch {
    return plus
  }
}

function readProfile(fields: Fields): ShownProfile {
  return { nickname: textOf(fields, 'nickName'), avatar: textOf(fields, 'avatarUrl') }
}
