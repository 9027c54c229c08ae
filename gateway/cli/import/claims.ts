import type { Config } from '../../../config/config.js'
import type { BindingRow } from '../../../db/bindings.js'
import type { IdentityRow } from '../../../db/identities.js'
import { wechatWays } from '../../../methods/rules/accounts/ways.js'
import { toE164 } from '../../../methods/rules/contacts/mobiles.js'
import type { ImportColumn } from './columns.js'
import type { ImportedUser } from './imported-user.js'

/** What a user would own, and the row by which the shop's other systems find it. */
export interface Claim {
  readonly column: ImportColumn
  readonly row: IdentityRow
  readonly binding?: BindingRow
}

export interface ClaimServices {
  readonly now: () => number
  readonly wechat: Config['wechat']
}

/** All that a user of the file would own; what can't be owned here, as problems. */
export function claimsOf(
  { now, wechat }: ClaimServices,
  user: ImportedUser,
  userId: number,
): { readonly claims: readonly Claim[]; readonly problems: readonly string[] } {
  const claims: Claim[] = contactClaims(user, userId, now())
  const problems: string[] = []
  const { unionid, ...openids } = user.wechat
  const proved = { user_id: userId, verified_at: now(), created_at: now() }
  for (const way of ['official', 'mini', 'web'] as const) {
    const openid = openids[way]
    if (openid === '') continue
    const column = `wechat_${way}` as const
    const appId = wechat[way]?.appId
    if (appId === undefined)
      problems.push(`${column}: the application is not configured; imported without it`)
    else
      claims.push({
        column,
        row: { kind: 'wechat', value: `${appId}:${openid}`, ...proved },
        binding: bindingRow(wechatWays[way].bindType, { userId, openid, unionid, now: now() }),
      })
  }
  if (unionid !== '')
    claims.push({ column: 'wechat_unionid', row: { kind: 'wechat-union', value: unionid, ...proved } })
  return { claims, problems }
}

/** The number and the e-mail address of a user. */
export function contactClaims(user: ImportedUser, userId: number, now: number): Claim[] {
  const own = { user_id: userId, created_at: now }
  const { mobile, email } = user
  const claims: Claim[] = []
  if (mobile)
    claims.push({
      column: 'mobile',
      row: { ...own, kind: 'mobile', value: toE164(mobile), verified_at: user.mobileVerifiedAt },
    })
  if (email !== '')
    claims.push({
      column: 'email',
      row: { ...own, kind: 'email', value: email, verified_at: user.emailVerifiedAt },
    })
  return claims
}

function bindingRow(
  bindType: number,
  { userId, openid, unionid, now }: { userId: number; openid: string; unionid: string; now: number },
): BindingRow {
  return {
    bind_type: bindType,
    bind_id: openid,
    bind_openid: openid,
    bind_unionid: unionid,
    bind_nickname: '',
    bind_icon: '',
    bind_active: 1,
    bind_time: now,
    user_id: userId,
  }
}
