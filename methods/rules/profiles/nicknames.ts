import { listAdminNames } from '../../../db/admins.js'
import type { Services } from '../../../gateway/services/services.js'
import { loadSiteName } from '../settings/site-info.js'

/** What no nickname may hold. */
export const markupOrControl = /[<>\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u

/** Characters that nobody sees, or that turn the direction of what follows; those that make one emoji of two stay. */
const unseen =
  /(?!(?<=\p{Extended_Pictographic})\uFE0F|(?<=[\p{Extended_Pictographic}\uFE0F\p{Emoji_Modifier}])\u200D(?=\p{Extended_Pictographic}))[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cf}]/gu

/** A letter, a digit or a sign; the empty pattern of braille is none. */
const visible = /(?!\u2800)[\p{L}\p{N}\p{P}\p{S}]/u

/** A nickname as it is stored: one spelling of what looks the same, without what can't be seen. */
export function cleanNickname(text: string): string {
  return text.replace(unseen, '').normalize('NFC').trim()
}

/** Whether others see anything of a nickname. */
export function isVisible(nickname: string): boolean {
  return visible.test(nickname)
}

/** Names by which a site speaks. */
const systemNames = [
  '系统',
  '系統',
  '系统消息',
  '系统通知',
  '系统管理员',
  '管理员',
  '管理員',
  '超级管理员',
  '站长',
  '官方',
  '官方客服',
  '官方账号',
  '客服',
  '在线客服',
  '平台客服',
  '人工客服',
  '客服中心',
  '客户服务',
  '平台',
  '平台通知',
  'admin',
  'admins',
  'administrator',
  'superadmin',
  'sysadmin',
  'root',
  'system',
  'official',
  'support',
  'helpdesk',
  'customerservice',
  'service',
  'moderator',
  'webmaster',
  'staff',
  'security',
  'noreply',
] as const

/**
 * Whether a nickname passes for the site itself or for one of its administrators: the same but for case, accents,
 * width, spaces, signs, digits around it, and letters of other scripts that look alike (Unicode TR 39). An
 * administrator's own name is not another's.
 */
export async function isReserved(
  services: Pick<Services, 'db' | 'cache'>,
  nickname: string,
  userId: number,
): Promise<boolean> {
  // A table of six thousand characters, which a start would read for nothing.
  const { default: unhomoglyph } = await import('unhomoglyph')
  const skeletons = (name: string) => skeletonsOf(name, unhomoglyph)
  const own = skeletons(nickname)
  const systemSkeletons = new Set(systemNames.flatMap(skeletons))
  if (own.some((skeleton) => systemSkeletons.has(skeleton))) return true
  const names = [await loadSiteName(services), ...(await listAdminNames(services.db, userId))]
  const reserved = new Set(names.flatMap(skeletons))
  return own.some((skeleton) => reserved.has(skeleton))
}

/** What a name looks like; none for one of signs and digits only. Capitals look like other letters than small ones do. */
function skeletonsOf(name: string, unhomoglyph: (text: string) => string): string[] {
  const plain = name.normalize('NFKD').replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
  // Before digits turn into the letters they look like.
  const core = plain.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  const seen = [unhomoglyph(core), unhomoglyph(core.toLowerCase())]
  const bare = seen.map((text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''))
  // 1, l, I and i are told apart by nobody.
  return [...new Set(bare.map((text) => text.replace(/[i1]/g, 'l')))].filter((text) => text !== '')
}
