import { isShopAttached } from '../../db/attached-shop.js'
import { findGreatestUserId, findNextUserId } from '../../db/users.js'
import type { Services } from '../services/services.js'
import { greatestShopId, unreadableNext } from '../services/sign-in/shop-subject.js'

/** Says at the start that the rest of the shop cannot read our tokens (account-beside.md §2.3 rule 1). */
export async function warnOfUnreadTokens({
  db,
  log,
  config,
}: Pick<Services, 'db' | 'log' | 'config'>): Promise<void> {
  if (config.shopTokens !== undefined || !(await isShopAttached(db))) return
  log.warn(
    { names: ['SHOP_TOKEN_KEY'] },
    "a shop's database is attached, and SHOP_TOKEN_KEY is not set: the rest of the shop cannot read our tokens",
  )
}

/**
 * Throws where a user could get no token that the shop reads (account-beside.md §2.3 rule 7); says so where the next
 * user could get none.
 */
export async function refuseUnreadableIds({
  db,
  log,
  config,
}: Pick<Services, 'db' | 'log' | 'config'>): Promise<void> {
  if (config.shopTokens === undefined) return
  const greatest = await findGreatestUserId(db)
  if (greatest <= greatestShopId) {
    const next = await findNextUserId(db)
    if (next > greatestShopId)
      log.error({ names: ['account_user_base.user_id'], count: next }, unreadableNext)
    return
  }
  throw new Error(
    `SHOP_TOKEN_KEY is set, and account_user_base.user_id has ${greatest}: the shop reads none above ${greatestShopId}`,
  )
}
