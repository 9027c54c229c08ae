import { findAddressOwner } from '../../../db/address-owners.js'
import { findUserIdByAccount, userExists } from '../../../db/users.js'
import { isError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { readMobile } from '../contacts/account-mobiles.js'
import { normaliseEmail } from '../contacts/emails.js'
import { parseMobile, toE164 } from '../contacts/mobiles.js'

/** What of a user a text was. */
export type FoundBy = 'id' | 'account' | 'mobile' | 'email' | 'nickname'

/** Who has a text as id, account, number or e-mail address: the account of one may look like the number of another. */
export async function findUsersByKey(
  { db }: Pick<Services, 'db'>,
  text: string,
): Promise<{ readonly userId: number; readonly by: FoundBy }[]> {
  const number = e164Of(text)
  const id = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined
  const found = [
    { by: 'id', userId: id !== undefined && (await userExists(db, id)) ? id : undefined },
    { by: 'account', userId: await findUserIdByAccount(db, text) },
    {
      by: 'mobile',
      userId: number === undefined ? undefined : (await findAddressOwner(db, 'mobile', number))?.user_id,
    },
    { by: 'email', userId: (await findAddressOwner(db, 'email', normaliseEmail(text)))?.user_id },
  ] as const
  const users = new Map<number, FoundBy>()
  for (const { by, userId } of found) if (userId !== undefined && !users.has(userId)) users.set(userId, by)
  return [...users].map(([userId, by]) => ({ userId, by }))
}

function e164Of(text: string): string | undefined {
  if (/^\+\d{5,19}$/.test(text)) return text
  const mobile = readMobile(text)
  if (mobile) return toE164(mobile)
  try {
    return toE164(parseMobile(text))
  } catch (error) {
    if (isError(error, 'MOBILE_FORM')) return undefined
    throw error
  }
}
