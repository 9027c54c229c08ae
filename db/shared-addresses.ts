import type { Knex } from 'knex'
import { findAddressOwner, ownedForm } from './address-owners.js'
import { holdsShop } from './attached-shop.js'
import type { IdentityConflictRow } from './identity-conflicts.js'

/**
 * Numbers that the shop's tables give to two users by now: bound in two forms, or bound by one and shown by another. The
 * old server may have written them since it was adopted, so they are looked for, and not remembered.
 */
export async function listSharedNumbers(db: Knex, most: number, now: number): Promise<IdentityConflictRow[]> {
  if (!(await holdsShop(db))) return []
  const [rows] = (await db.raw(
    `select other.bind_id as number, other.user_id as one, bound.user_id as two
      from account_user_bind_connect as other join account_user_bind_connect as bound
        on bound.bind_type = 1 and bound.user_id <> other.user_id
        and bound.bind_id in (concat('+', other.bind_id), concat('+86', other.bind_id), substr(other.bind_id, 3))
      where other.bind_type = 1 and other.bind_id not like '+%'
    union
    select bound.bind_id, info.user_id, bound.user_id
      from account_user_info as info join account_user_bind_connect as bound
        on bound.bind_type = 1 and bound.user_id <> info.user_id
        and bound.bind_id = concat(info.user_intl, info.user_mobile)
      where info.user_mobile <> ''
    limit ?`,
    [most],
  )) as [{ number: string; one: number; two: number }[]]
  const found: IdentityConflictRow[] = []
  for (const { number, one, two } of rows) {
    const value = ownedForm('mobile', number)
    const owner = (await findAddressOwner(db, 'mobile', value))?.user_id
    const [kept, user] = owner === one ? [one, two] : [two, one]
    found.push({ kind: 'mobile', value, user_id: user, kept_user_id: kept, found_at: now })
  }
  return found
}
