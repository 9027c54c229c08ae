import { saveUnionid } from '../../../db/bindings.js'
import { findOwners, giveReserved, moveIdentity, reserveIdentity } from '../../../db/identities.js'
import { type InTransaction, transaction } from '../../../db/transaction.js'
import { GatewayError, isError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { wechatKeys, wechatWays } from '../accounts/ways.js'
import { findBound, findOldOwners, noOwners, saveWechatBinding } from './binding-rows.js'
import type { WechatUser } from './profiles.js'
import { noteSharedUnionid } from './shared-unionids.js'
import { boundTo, type Settling, settleUnowned, type UnownedIdentityRule } from './unowned-identities.js'

/**
 * Finds the user that a WeChat user is (account.md §9): the owner of the openid, else the owner of the unionid, to whom
 * the openid is bound as well. Where there is neither, `rule` says what to do. Parallel calls find one and the same
 * user. Two users with one unionid stay two, and the conflict is noted. Throws REGISTRATION_OFF, WECHAT_NOT_BOUND,
 * WECHAT_TAKEN.
 */
export async function settleWechatUser(
  services: Services,
  user: WechatUser,
  { rule, call }: Settling,
): Promise<number> {
  const keys = wechatKeys(user)
  const [owner = 0, ...unionOwners] = await findOwners(services.db, keys)
  const isOwned = owner !== 0 && unionOwners.every((other) => other === owner)
  // Nearly every sign-in has nothing to write.
  const bound = isOwned ? await findBound(services, user, owner) : undefined
  // WeChat may not have told the unionid before, and the row keeps it with the user when another way is unbound.
  if (bound && (user.unionid === undefined || bound.bind_unionid === user.unionid))
    return refuseAnother(owner, rule)
  const settled = await settleAgainstShop(services, user, { rule, call })
  if (settled.isConflictNew)
    services.log.warn(
      { userId: settled.userId },
      'two users have one unionid at WeChat: see `cli user conflicts`',
    )
  return settled.userId
}

/** Where the old server was faster, looks once more, and finds what it has bound. */
async function settleAgainstShop(services: Services, user: WechatUser, settling: Settling): Promise<Settled> {
  const settle = () => transaction(services, (services) => settleWithin(services, user, settling))
  try {
    return await settle()
  } catch (error) {
    if (boundTo(settling.rule) !== 0 || !isError(error, 'WECHAT_TAKEN')) throw error
    return settle()
  }
}

interface Settled {
  readonly userId: number
  /** Whether the openid was bound to this user only now. */
  readonly isNew: boolean
  /** Whether another user was found to have the same unionid. */
  readonly isConflictNew: boolean
}

/** The same in the caller's transaction. */
export async function settleWithin(
  services: InTransaction<Services>,
  user: WechatUser,
  { rule, call }: Settling,
): Promise<Settled> {
  const { db, clock } = services
  const now = clock.now()
  const { bindType } = wechatWays[user.way]
  const keys = wechatKeys(user)
  // One after the other, and always in this order: parallel first sign-ins of one identity wait here for each other.
  const owners: number[] = []
  for (const key of keys) owners.push(await reserveIdentity(db, key, now))
  const [known = 0, unionOwner = 0] = owners
  const owner = known !== 0 && (await findBound(services, user, known)) ? known : 0
  const old = owner === 0 ? await findOldOwners(services, user) : noOwners
  const userId =
    owner ||
    old.ofOpenid ||
    unionOwner ||
    old.ofUnionid ||
    (await settleUnowned(services, user, { rule, call }))
  refuseAnother(userId, rule)
  await giveReserved(db, keys, userId)
  // The shop has unbound the openid from whom it was known as.
  if (known !== owner && known !== userId)
    await moveIdentity(db, keys.slice(0, 1), { from: known, to: userId })
  const isNew = owner === 0 && old.ofOpenid === 0
  if (isNew) await saveWechatBinding(services, user, userId)
  else if (user.unionid !== undefined)
    await saveUnionid(db, { userId, bindType, openid: user.openid, unionid: user.unionid })
  const isShared = unionOwner !== 0 && unionOwner !== userId
  const isConflictNew = isShared && (await noteSharedUnionid(services, user, { userId, unionOwner, call }))
  return { userId, isNew, isConflictNew }
}

/** Throws WECHAT_TAKEN when the identity is to be bound to one user and is another's. */
function refuseAnother(owner: number, rule: UnownedIdentityRule): number {
  const wanted = boundTo(rule)
  if (wanted !== 0 && wanted !== owner) throw new GatewayError('WECHAT_TAKEN')
  return owner
}
