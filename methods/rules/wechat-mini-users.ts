import { GatewayError } from '../../gateway/errors.js'
import { decryptUserData } from '../../gateway/services/wechat/user-data-crypto.js'
import type { MiniProgram, MiniSession } from '../../gateway/services/wechat/wechat.js'
import type { WechatUser } from './wechat-bindings.js'
import type { ShownProfile } from './wechat-profiles.js'

/** What a mini program sends of its user. */
export interface MiniSignIn {
  readonly code: string
  readonly encryptedData?: string
  readonly iv?: string
  /** JSON; what is none is ignored. */
  readonly user_info?: string
}

/**
 * Who uses the mini program. What is encrypted must be of this program and this user; it counts more than what is
 * not. Throws WECHAT_FAILED.
 */
export async function openMiniUser(mini: MiniProgram, sent: MiniSignIn): Promise<WechatUser> {
  const session = await mini.openSession(sent.code)
  const data = readUserData(mini, session, sent)
  const unionid = session.unionid ?? textOf(data, 'unionId')
  return {
    way: 'mini',
    appId: mini.appId,
    openid: session.openid,
    ...(unionid === undefined ? {} : { unionid }),
    ...readProfile(data ?? parseObject(sent.user_info)),
  }
}

type Fields = Readonly<Record<string, unknown>>

function readUserData(
  { appId }: MiniProgram,
  { sessionKey, openid }: MiniSession,
  { encryptedData = '', iv = '' }: MiniSignIn,
): Fields | undefined {
  if (encryptedData === '') return undefined
  const sealed = { encryptedData: decodeAgain(encryptedData), iv: decodeAgain(iv) }
  const data = decryptUserData({ ...sealed, sessionKey, appId })
  if (!data || (textOf(data, 'openId') ?? openid) !== openid) throw new GatewayError('WECHAT_FAILED')
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

function readProfile(fields: Fields | undefined): ShownProfile {
  return { nickname: textOf(fields, 'nickName') ?? '', avatar: textOf(fields, 'avatarUrl') ?? '' }
}

function textOf(fields: Fields | undefined, name: string): string | undefined {
  const value = fields?.[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function parseObject(text = ''): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
