import type { Knex } from 'knex'
import { addressBindTypes, type AddressKind, findAddressOfUser } from './address-owners.js'
import { isBesideShop } from './attached-shop.js'
import { compileRead } from './compiled-read.js'
import { literal } from './shop/raw-sql.js'

/** Which addresses a user has, and since when each is verified (ms; null: not). */
export interface VerifiedAddresses {
  readonly user_id: number
  readonly user_intl: string | null
  readonly user_mobile: string | null
  readonly user_email: string | null
  readonly mobile_verified_at: number | null
  readonly email_verified_at: number | null
}

/** Beside a user, one of the addresses bound in the shop's table: whether it is the user's here. Null for none. */
interface BoundRow extends VerifiedAddresses {
  readonly bind_type: number | null
  readonly is_own: number | null
}

/** In a database of our own nobody else writes, so our table says it all. */
const readOwn = compileRead<VerifiedAddresses, [userId: number]>(verifiedAddresses)

/** What the shop's tables say comes along. */
const readBesideShop = compileRead<BoundRow, [userId: number]>((db, userId) => {
  const kinds = Object.values(addressBindTypes).join(', ')
  return verifiedAddresses(db, userId)
    .joinRaw(
      `left join account_user_bind_connect as bound on bound.user_id = base.user_id
        and bound.bind_type in (${kinds}) and bound.bind_active <> ${literal(db, 'bind_active', 0)}`,
    )
    .select('bound.bind_type')
    .select(
      db.raw(
        'bound.bind_id in (mobile.value, substr(mobile.value, 2), substr(mobile.value, 4), email.value) as is_own',
      ),
    )
})

/** Joined, as MariaDB takes longer for two selects in a select than for all the rest of it. */
function verifiedAddresses(db: Knex, userId: number): Knex.QueryBuilder {
  return db('account_user_base as base')
    .leftJoin('account_user_info as info', 'info.user_id', 'base.user_id')
    .leftJoin('user_identity as mobile', (on) =>
      on.on('mobile.user_id', 'base.user_id').andOn('mobile.kind', db.raw("'mobile'")),
    )
    .leftJoin('user_identity as email', (on) =>
      on.on('email.user_id', 'base.user_id').andOn('email.kind', db.raw("'email'")),
    )
    .where('base.user_id', userId)
    .select('base.user_id', 'user_intl', 'user_mobile', 'user_email')
    .select('mobile.verified_at as mobile_verified_at', 'email.verified_at as email_verified_at')
}

/** Of a user; undefined for none. What both tables say alike beside a shop needs no more than one read. */
export async function findVerifiedAddresses(
  db: Knex,
  userId: number,
): Promise<VerifiedAddresses | undefined> {
  if (!(await isBesideShop(db))) return readOwn.first(db, userId)
  const rows = await readBesideShop.all(db, userId)
  const [row] = rows
  if (!row || (isAgreed(rows, row, 'mobile') && isAgreed(rows, row, 'email'))) return row
  const verifiedAt = async (kind: AddressKind) =>
    isAgreed(rows, row, kind)
      ? row[`${kind}_verified_at`]
      : ((await findAddressOfUser(db, kind, userId))?.verified_at ?? null)
  return {
    ...row,
    mobile_verified_at: await verifiedAt('mobile'),
    email_verified_at: await verifiedAt('email'),
  }
}

/** Verified here and bound, or neither: a claim that nothing is bound for is none in the shop's tables either. */
function isAgreed(rows: readonly BoundRow[], user: BoundRow, kind: AddressKind): boolean {
  const bound = rows.filter(({ bind_type }) => bind_type === addressBindTypes[kind])
  return user[`${kind}_verified_at`] === null ? bound.length === 0 : bound.some(({ is_own }) => is_own === 1)
}
