import { randomBytes } from 'node:crypto'
import { isNicknameTaken } from '../../../db/nicknames.js'
import type { Services } from '../../../gateway/services/services.js'
import type { WechatWay } from '../../../gateway/services/wechat/client.js'
import type { WechatIdentity } from '../../../gateway/services/wechat/wechat.js'
import { isPictureAddress } from '../profiles/picture-addresses.js'
import { cleanNickname, isReserved, isVisible, markupOrControl } from '../profiles/nicknames.js'

/** What WeChat shows of a user, who can write anything there. */
export interface ShownProfile {
  readonly nickname: string
  readonly avatar: string
}

/** A WeChat user, as WeChat named one to one of the merchant's applications. */
export interface WechatUser extends WechatIdentity, ShownProfile {
  readonly way: WechatWay
  readonly appId: string
  /** What is known of the profile, and perhaps the unionid, is not whole: enough for whom we know already. */
  readonly isCutShort?: boolean
}

/** Characters of the columns. */
const mostOfNickname = 50
const mostOfAvatar = 255
const forbidden = new RegExp(markupOrControl, 'gu')

/** The parts of a profile that may be stored: a nickname as users may choose it, a picture on https. */
export function readShownProfile({ nickname, avatar }: ShownProfile): ShownProfile {
  const plain = cleanNickname(nickname.replace(forbidden, ''))
  const picture = avatar.trim()
  const fits = /^https:\/\//i.test(picture) && picture.length <= mostOfAvatar && isPictureAddress(picture)
  return { nickname: isVisible(plain) ? cut(plain, mostOfNickname) : '', avatar: fits ? picture : '' }
}

/** The nickname for a new user: with something added where another has it, undefined for none and
 * for one that passes for an administrator or the site. */
export async function chooseNickname(
  services: Pick<Services, 'db' | 'cache'>,
  nickname: string,
): Promise<string | undefined> {
  if (nickname === '' || (await isReserved(services, nickname, 0))) return undefined
  if (!(await isNicknameTaken(services.db, nickname))) return nickname
  const addition = `_${randomBytes(3).toString('hex')}`
  return cut(nickname, mostOfNickname - addition.length) + addition
}

/** Counts characters, as the column does: half of an emoji is no text that a database stores. */
function cut(text: string, most: number): string {
  return Array.from(text).slice(0, most).join('').trim()
}
