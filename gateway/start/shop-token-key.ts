import { isShopAttached } from '../../db/attached-shop.js'
import type { Services } from '../services/services.js'

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
