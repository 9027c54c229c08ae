import type { Knex } from 'knex'
import { isMysql } from './connect.js'
import { inMilliseconds, writtenFor } from './shop/raw-sql.js'

/** What a user has one of. */
export type AddressKind = 'mobile' | 'email'

/** `bind_type` of the rows by which the shop knows an address. */
export const addressBindTypes = { mobile: 1, email: 2 } as const

/**
 * How `bind_id` may hold an address: a number as `+8613912345678`, as `8613912345678`, or without its area if it is of
 * the mainland.
 */
export function boundForms(kind: AddressKind, value: string): readonly string[] {
  if (kind === 'email' || !value.startsWith('+')) return [value, value, value]
  return [value, value.slice(1), value.startsWith('+86') ? value.slice(3) : value]
}

/** How a user's row may hold the number beside its area, which has one digit to three. */
function shownForms(value: string): readonly string[] {
  return [value, value.slice(1), value.slice(2), value.slice(3), value.slice(4)]
}

/**
 * Selects who has an address: `user_id`, `verified_at` (ms, null for a claim) and `found_by`, of which the least counts,
 * then the least id. Beside a shop two servers write. So a row of `user_identity` is in force as long as the shop's
 * tables agree with it: while its user has the address bound, or shows it. Where the shop has bound or written it since,
 * that counts: 1 ours, bound there too; 2 bound there; 3 ours, shown there; 4 shown there, or the account of a user whom
 * the old server registered by the number. An e-mail address that is only shown is nobody's.
 */
export function ownersSql(db: Knex, kind: AddressKind): string {
  const bound = `bound.bind_type = ${addressBindTypes[kind]} and bound.bind_active <> ${literal(db, 'bind_active', 0)}
    and bound.bind_id in (?, ?, ?)`
  const boundAt = inMilliseconds(db, 'bound.bind_time')
  const ours = `own.kind = '${kind}' and own.value = ?`
  const parts = [
    `select own.user_id, coalesce(own.verified_at, own.created_at) as verified_at, 1 as found_by
      from user_identity as own join account_user_bind_connect as bound on bound.user_id = own.user_id
      where ${ours} and ${bound}`,
    `select bound.user_id, case when ${boundAt} > 0 then ${boundAt} else 1 end, 2
      from account_user_bind_connect as bound where ${bound}`,
    `select own.user_id, own.verified_at, 3
      from user_identity as own join account_user_info as info on info.user_id = own.user_id
      where ${ours} and ${kind === 'mobile' ? numberShown(db) : 'lower(info.user_email) = ?'}`,
    ...(kind === 'mobile' ? [shownOnly(db), byAccount] : []),
  ]
  return parts.join(' union all ')
}

/** What stands in the places of the marks in `ownersSql`. */
export function ownersBindings(kind: AddressKind, value: string): string[] {
  const bound = boundForms(kind, value)
  const ours = [value, ...bound, ...bound, value]
  return kind === 'email'
    ? [...ours, value]
    : [...ours, value, value, ...shownForms(value), value, value, value]
}

/** Two marks, both for the whole number: with its area in the number's own column or beside it. */
function numberShown(db: Knex): string {
  const area = "replace(case info.user_intl when '' then '86' else info.user_intl end, '+', '')"
  const whole = isMysql(db) ? `concat('+', ${area}, info.user_mobile)` : `'+' || ${area} || info.user_mobile`
  return `(info.user_mobile = ? or ${whole} = ?)`
}

/** Found by the index on the number alone. */
const shownOnly = (db: Knex): string =>
  `select info.user_id, null, 4 from account_user_info as info
    where info.user_mobile in (?, ?, ?, ?, ?) and ${numberShown(db)}`

const byAccount = `select named.user_id, null, 4 from account_user_base as named where named.user_account = ?`

/** A constant in the form in which its column keeps it. */
function literal(db: Knex, column: string, value: number): string {
  const written: unknown = writtenFor(db, column, value)
  return typeof written === 'string' ? `'${written}'` : String(Number(written))
}
