import type { Knex } from 'knex'
import type { BindingRow } from './bindings.js'
import type { DeliveryAddressRow } from './delivery-addresses.js'
import type { IdentityKind, IdentityRow } from './identities.js'
import { inSlices, insertSlices, mostRows } from './statement-size.js'
import { findFirstLevelId } from './user-levels.js'
import type { UserLoginRow } from './user-logins.js'
import { unknownBirthday, type UserBaseRow } from './users.js'
import type { UserInfoRow } from './user-info.js'

const knownColumns = [
  'base.user_id',
  'base.user_account',
  'user_password',
  'user_salt',
  'user_created_at',
  'user_nickname',
  'user_avatar',
  'user_state',
  'user_intl',
  'user_mobile',
  'user_email',
  'user_gender',
  'user_birthday',
] as const

/** A user who is there already; null where there is no row of what the user shows. */
export type KnownUser = Pick<
  UserBaseRow,
  'user_id' | 'user_account' | 'user_password' | 'user_salt' | 'user_created_at'
> & {
  readonly [Column in
    | 'user_nickname'
    | 'user_avatar'
    | 'user_state'
    | 'user_intl'
    | 'user_mobile'
    | 'user_email'
    | 'user_gender'
    | 'user_birthday']: UserInfoRow[Column] | null
}

/** The users who have any of the given ids or accounts. */
export async function findKnownUsers(
  db: Knex,
  userIds: readonly number[],
  accounts: readonly string[],
): Promise<KnownUser[]> {
  const users = (): Knex.QueryBuilder<object, KnownUser[]> =>
    db('account_user_base as base')
      .leftJoin('account_user_info as info', 'info.user_id', 'base.user_id')
      .select(knownColumns)
  const found = [
    ...(await inSlices<number, KnownUser>(userIds, mostRows, async (some) =>
      users().whereIn('base.user_id', [...some]),
    )),
    ...(await inSlices<string, KnownUser>(accounts, mostRows, async (some) =>
      users().whereIn('base.user_account', [...some]),
    )),
  ]
  return [...new Map(found.map((user) => [user.user_id, user])).values()]
}

/** Inserts base rows; those without an id get one. Returns id by account. */
export async function insertBaseRows(
  db: Knex,
  rows: readonly (Omit<UserBaseRow, 'user_id' | 'session_generation' | 'user_locked'> & {
    readonly user_id: number | undefined
  })[],
): Promise<Map<string, number>> {
  const withId = rows.filter(({ user_id }) => user_id !== undefined)
  const withoutId = rows
    .filter(({ user_id }) => user_id === undefined)
    .map(({ user_account, user_password, user_salt, user_created_at }) => {
      return { user_account, user_password, user_salt, user_created_at }
    })
  await insertSlices(withId, (some) => db('account_user_base').insert(some as UserBaseRow[]))
  await insertSlices(withoutId, (some) => db('account_user_base').insert(some))
  const given = await inSlices(withoutId, mostRows, async (some) =>
    db('account_user_base')
      .whereIn(
        'user_account',
        some.map(({ user_account }) => user_account),
      )
      .select('user_account', 'user_id'),
  )
  const ids = withId.map(({ user_account, user_id }): [string, number] => [user_account, user_id ?? 0])
  return new Map([
    ...ids,
    ...given.map(({ user_account, user_id }): [string, number] => [user_account, user_id]),
  ])
}

/** Inserts rows of what users show; all begin with the first level, and with no birthday unless one is given. */
export async function insertInfoRows(db: Knex, rows: readonly Partial<UserInfoRow>[]): Promise<void> {
  if (rows.length === 0) return
  const first = { user_level_id: await findFirstLevelId(db), user_birthday: unknownBirthday }
  await insertSlices(rows, (some) =>
    db('account_user_info').insert(some.map((row) => ({ ...first, ...row }))),
  )
}

/** Claims identities that nobody has; returns all owners of the given values, old and new. */
export async function claimIdentities(db: Knex, rows: readonly IdentityRow[]): Promise<IdentityRow[]> {
  await insertSlices(rows, (some) => db('user_identity').insert(some).onConflict().ignore())
  return findIdentities(db, rows)
}

/** Who owns the given values. */
export async function findIdentities(
  db: Knex,
  keys: readonly Pick<IdentityRow, 'kind' | 'value'>[],
): Promise<IdentityRow[]> {
  return inSlices(keys, mostRows, async (some) =>
    db('user_identity').whereIn(
      ['kind', 'value'],
      some.map(({ kind, value }) => [kind, value]),
    ),
  )
}

/** Puts a claim in place of the user's own of its kind. The caller has looked whether it is free. */
export async function replaceClaim(db: Knex, row: IdentityRow): Promise<void> {
  await db('user_identity').where({ kind: row.kind, user_id: row.user_id }).delete()
  await db('user_identity').insert(row)
}

/** When a user's identity of a kind was proved (ms); null: not, undefined: there is none. */
export async function findProof(
  db: Knex,
  kind: IdentityKind,
  userId: number,
): Promise<number | null | undefined> {
  return (await db('user_identity').where({ kind, user_id: userId }).first('verified_at'))?.verified_at
}

/** Rows of when users registered and were last there, of users who have none yet. */
export async function insertLoginRows(db: Knex, rows: readonly Partial<UserLoginRow>[]): Promise<void> {
  await insertSlices(rows, (some) => db('account_user_login').insert(some).onConflict('user_id').ignore())
}

/** Rows by which the shop's other systems recognise users; those that are there stay. */
export async function insertBindingRows(db: Knex, rows: readonly BindingRow[]): Promise<void> {
  await insertSlices(rows, (some) =>
    db('account_user_bind_connect').insert(some).onConflict(['bind_type', 'bind_id']).ignore(),
  )
}

export async function insertAddressRows(
  db: Knex,
  rows: readonly Omit<DeliveryAddressRow, 'ud_id'>[],
): Promise<void> {
  await insertSlices(rows, (some) => db('account_user_delivery_address').insert(some))
}

/** Changes the given columns of a user's base row. */
export async function updateBaseRow(
  db: Knex,
  userId: number,
  change: Partial<Pick<UserBaseRow, 'user_password' | 'user_salt' | 'user_created_at'>>,
): Promise<void> {
  await db('account_user_base').where({ user_id: userId }).update(change)
}
