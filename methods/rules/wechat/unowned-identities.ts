import type { InTransaction } from '../../../db/transaction.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Origin } from '../../../gateway/contract/method.js'
import type { Services } from '../../../gateway/services/services.js'
import { defined } from '../../../gateway/wire/defined-fields.js'
import { register } from '../accounts/registrations.js'
import { wechatWays } from '../accounts/ways.js'
import { chooseNickname, readShownProfile, type WechatUser } from './profiles.js'

/** What becomes of a WeChat identity that no user has. */
export type UnownedIdentityRule = 'register' | 'refuse' | { readonly bindTo: number }

/** What is done where an identity has no user, and in which call. */
export interface Settling {
  readonly rule: UnownedIdentityRule
  readonly call: Origin
}

/** The user whom the rule names; 0 for nobody. */
export function boundTo(rule: UnownedIdentityRule): number {
  return typeof rule === 'object' ? rule.bindTo : 0
}

/** The user of an identity that nobody has. Throws WECHAT_FAILED, WECHAT_NOT_BOUND, REGISTRATION_OFF. */
export async function settleUnowned(
  services: InTransaction<Services>,
  user: WechatUser,
  settling: Settling,
): Promise<number> {
  return requireWhole(user) || boundTo(settling.rule) || (await addUser(services, user, settling))
}

/** Nobody is registered or bound by half: a second user of one person would stay. Throws WECHAT_FAILED; else 0, nobody. */
function requireWhole({ isCutShort = false }: WechatUser): 0 {
  if (isCutShort) throw new GatewayError('WECHAT_FAILED')
  return 0
}

async function addUser(
  services: InTransaction<Services>,
  { way, ...user }: WechatUser,
  { rule, call }: Settling,
): Promise<number> {
  if (rule !== 'register') throw new GatewayError('WECHAT_NOT_BOUND')
  const { nickname: shown, avatar } = readShownProfile(user)
  const nickname = await chooseNickname(services, shown)
  const { user_id } = await register(services, {
    ...defined({ nickname }),
    avatar,
    from: wechatWays[way].from,
    ip: call.ip,
  })
  return user_id
}
