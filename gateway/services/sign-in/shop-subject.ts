/** Who a token of the shop's form is for: its `sub` (account-beside.md §2.2). */
export interface ShopSubject {
  readonly userId: number
  /** In tokens that the shop issued the user's salt of then; in ours empty. */
  readonly userSalt: string | undefined
}

/** The shop reads ids of 32 bits with a sign (account-beside.md §2.3 rule 7). */
export const greatestShopId = 2 ** 31 - 1

/** Whether a user can have tokens that the shop reads, where there is a shop beside us. */
export function fitsShop(userId: number, { shopTokens }: { readonly shopTokens?: unknown }): boolean {
  return shopTokens === undefined || userId <= greatestShopId
}

export const unreadableId = (userId: number): string =>
  `SHOP_TOKEN_KEY is set, and ${userId} is too great for an id: the shop reads none above ${greatestShopId}`

/** What an operator is told of a number that the database would give next. */
export const unreadableNext = `the shop reads no user id above ${greatestShopId}, and a new user would get one: give account_user_base a lower AUTO_INCREMENT`

/** The `sub` of a token, to the byte as the shop writes it; only the user id counts there. Throws for one that is greater than the shop reads. */
export function writeShopSubject(userId: number, userSalt = ''): string {
  if (userId > greatestShopId) throw new Error(`user ${userId} has an id that the shop cannot read`)
  return JSON.stringify({ userId, userSalt, roleId: 9, siteId: 0, storeId: 0, chainId: 0, clientId: 1 })
}

/** Undefined for what is no JSON object with a 32-bit user id; keys that nobody knows are let pass, as there. */
export function readShopSubject(sub: unknown): ShopSubject | undefined {
  const object = typeof sub === 'string' ? parseObject(sub) : undefined
  const userId = readUserId(object?.['userId'])
  if (object === undefined || userId === undefined) return undefined
  const userSalt = object['userSalt']
  return { userId, userSalt: typeof userSalt === 'string' ? userSalt : undefined }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function readUserId(value: unknown): number | undefined {
  const id = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value
  return typeof id === 'number' && Number.isInteger(id) && id > 0 && id <= greatestShopId ? id : undefined
}
