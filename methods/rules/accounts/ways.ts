import { type BindingRow, listBindings, listWechatBindings } from '../../../db/bindings.js'
import { findAddressOfUser } from '../../../db/address-owners.js'
import { type AddressKind, findOwners, type IdentityRow, listIdentities } from '../../../db/identities.js'
import type { CallerRow } from '../../../db/credentials.js'
import type { Services } from '../../../gateway/services/services.js'
import { passwordKind } from '../../../gateway/services/sign-in/passwords.js'
import type { WechatWay } from '../../../gateway/services/wechat/client.js'
import type { WechatIdentity } from '../../../gateway/services/wechat/wechat.js'

/** `bind_type` and `user_from` of each way (account.md §8). */
export const wechatWays = {
  official: { bindType: 13, from: 2315 },
  web: { bindType: 14, from: 2311 },
  mini: { bindType: 15, from: 2314 },
} as const satisfies Record<WechatWay, object>

export const wechatBindTypes: readonly number[] = Object.values(wechatWays).map(({ bindType }) => bindType)

type IdentityKey = Pick<IdentityRow, 'kind' | 'value'>

/** The identities whose primary keys decide which user a WeChat user is: the openid first. */
export function wechatKeys({ appId, openid, unionid }: WechatIdentity & { appId: string }): IdentityKey[] {
  const own: IdentityKey = { kind: 'wechat', value: `${appId}:${openid}` }
  return unionid === undefined ? [own] : [own, { kind: 'wechat-union', value: unionid }]
}

/** Old tables may take one letter for another; openids don't. */
export function isRowOf(row: BindingRow, bindType: number, openid: string): boolean {
  return row.bind_type === bindType && [row.bind_id, row.bind_openid].includes(openid)
}

type WaysServices = Pick<Services, 'db' | 'wechat'>

/**
 * Whether a user can sign in without what is to be taken away: by a chosen account with a password that can
 * fit, by a verified e-mail (a mailed code sets a new password), by a verified number (account.md §7), or by a way of
 * WeChat that is configured. Other platforms are none here: this server signs nobody in by them.
 */
export async function hasOtherWayIn(
  services: WaysServices,
  caller: CallerRow,
  taken: AddressKind | WechatWay,
): Promise<boolean> {
  return (
    hasPassword(caller) ||
    (taken !== 'email' && (await hasProved(services, 'email', caller.user_id))) ||
    (taken !== 'mobile' && (await hasProved(services, 'mobile', caller.user_id))) ||
    hasWechat(services, caller.user_id, taken)
  )
}

/** An account that the server made at registration: its user has never seen it. */
const madeAccount = /^u[0-9a-f]{16}$/

/** Whether a user has a password that can fit, and an account to go with it that the user knows. */
export function hasPassword(caller: Omit<CallerRow, 'user_intl' | 'user_mobile'>): boolean {
  return !['none', 'unknown'].includes(passwordKind(caller)) && !madeAccount.test(caller.user_account)
}

async function hasProved({ db }: Pick<Services, 'db'>, kind: AddressKind, userId: number): Promise<boolean> {
  const identity = await findAddressOfUser(db, kind, userId)
  return identity !== undefined && identity.verified_at !== null
}

/** A way of WeChat that is configured. */
interface UsableWay {
  readonly appId: string
  readonly bindType: number
}

async function hasWechat(
  services: WaysServices,
  userId: number,
  taken: AddressKind | WechatWay,
): Promise<boolean> {
  const { db, wechat } = services
  const usable = (['official', 'web', 'mini'] as const).flatMap((way): UsableWay[] => {
    const appId = way === taken ? undefined : wechat[way]?.appId
    return appId === undefined ? [] : [{ appId, bindType: wechatWays[way].bindType }]
  })
  const own = await listIdentities(db, 'wechat', userId)
  if (own.some(({ value }) => usable.some(({ appId }) => value.startsWith(`${appId}:`)))) return true
  return hasOldRow(services, userId, usable)
}

/** Whether a user has a row of an old shop that signing in would take over. */
async function hasOldRow(
  { db }: Pick<Services, 'db'>,
  userId: number,
  usable: readonly UsableWay[],
): Promise<boolean> {
  const rows = await listBindings(db, userId)
  const known = usable.flatMap((way) => openidsOf(rows, way).map((openid) => ({ ...way, openid })))
  if (known.length === 0) return false
  const owners = await findOwners(db, known.flatMap(wechatKeys))
  const free = known.filter((_, index) => owners[index] === 0)
  const openids = free.map(({ openid }) => openid)
  const bindTypes = free.map(({ bindType }) => bindType)
  const named = await listWechatBindings(db, bindTypes, { openids, unionid: undefined })
  // Of two users with one openid the older is signed in.
  return free.some(
    ({ bindType, openid }) => named.find((row) => isRowOf(row, bindType, openid))?.user_id === userId,
  )
}

function openidsOf(rows: readonly BindingRow[], { bindType }: UsableWay): string[] {
  const ofWay = rows.filter((row) => row.bind_type === bindType)
  return ofWay.flatMap((row) => [row.bind_id, row.bind_openid]).filter(Boolean)
}
