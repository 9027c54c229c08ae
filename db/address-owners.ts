import type { Knex } from 'knex'
import { compileRead, compileShapes } from './compiled-read.js'
import { isMysql } from './connect.js'
import { inMilliseconds, literal } from './shop/raw-sql.js'

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

/** Who has an address, and since when proved (ms; null: claimed only). */
export interface AddressOwner {
  readonly value: string
  readonly user_id: number
  readonly verified_at: number | null
}

const readOwners = compileShapes()

/** Who has an address by all that both servers have written; undefined for nobody. */
export async function findAddressOwner(
  db: Knex,
  kind: AddressKind,
  value: string,
): Promise<AddressOwner | undefined> {
  const [found] = await readOwners<{ user_id: number; verified_at: number | string | null }>(
    db,
    { key: kind, build: (marks) => selectOwners(db, kind, marks) },
    ownersBindings(kind, value),
  )
  if (!found) return undefined
  const { user_id, verified_at } = found
  return { value, user_id, verified_at: verified_at === null ? null : Number(verified_at) }
}

function selectOwners(db: Knex, kind: AddressKind, marks: readonly (string | number)[]): Knex.QueryBuilder {
  return db
    .from(db.raw(`(${ownersSql(db, kind)}) as found`, [...marks]))
    .join('account_user_base as base', 'base.user_id', 'found.user_id')
    .select('found.user_id', 'found.verified_at')
    .orderByRaw('found_by, found.user_id')
}

const readOwnValue = compileRead<{ value: string }, [kind: string, userId: number]>((db, kind, userId) =>
  db('user_identity').select('value').where({ kind, user_id: userId }),
)

const readBound = compileRead<{ bind_id: string; bind_time: number }, [userId: number, bindType: number]>(
  (db, userId, bindType) =>
    db('account_user_bind_connect')
      .select('bind_id', 'bind_time')
      .where({ user_id: userId, bind_type: bindType })
      .whereNot('bind_active', 0)
      .orderBy('bind_id'),
)

/** The address of a kind that a user has, the one bound here first. */
export async function findAddressOfUser(
  db: Knex,
  kind: AddressKind,
  userId: number,
): Promise<AddressOwner | undefined> {
  const own = await readOwnValue.first(db, kind, userId)
  const found = own && (await findAddressOwner(db, kind, own.value))
  if (found?.user_id === userId) return found
  const bound = await readBound.first(db, userId, addressBindTypes[kind])
  return (
    bound && { value: ownedForm(kind, bound.bind_id), user_id: userId, verified_at: bound.bind_time || 1 }
  )
}

/** A bound address as it is owned: a number in E.164, an e-mail address in lower case. */
export function ownedForm(kind: AddressKind, bindId: string): string {
  if (kind === 'email') return bindId.toLowerCase()
  if (/^1\d{10}$/.test(bindId)) return `+86${bindId}`
  return /^86\d{11}$/.test(bindId) ? `+${bindId}` : bindId
}
