import type { Knex } from 'knex'
import { addressBindTypes, findAddressOwner, ownedForm } from './address-owners.js'
import { currentState } from './users.js'
import { inMilliseconds, writtenFor } from './shop/raw-sql.js'

/** A user as other systems know one. Null where an imported user has no such row. */
export interface FoundUserRow {
  readonly user_id: number
  readonly user_account: string
  readonly user_nickname: string | null
  readonly user_avatar: string | null
  readonly user_state: number
  readonly user_level_id: number
  /** E.164; only a proved one. */
  readonly mobile: string | null
  /** In lower case; only a proved one. */
  readonly email: string | null
  /** Milliseconds. */
  readonly registered_at: number
}

/** What a user may be found by. */
export type UserKey =
  | readonly [by: 'uid', value: number]
  /** `mobile` in E.164, `email` in lower case: only their proved owner is found. */
  | readonly [by: 'mobile' | 'email' | 'account', value: string]

/** MySQL makes a decimal, which is text, of numbers with and without a sign. */
type LookedUp = Omit<FoundUserRow, 'registered_at'> &
  Readonly<Record<'bound_mobile' | 'bound_email', string | null>> & {
    readonly registered_at: number | string
  }

/** Finds a user by what both servers have written. */
export async function findUserBy(db: Knex, [by, value]: UserKey): Promise<FoundUserRow | undefined> {
  if (by === 'account') return readUser(db, { 'base.user_account': value })
  if (by === 'uid') return readUser(db, { 'base.user_id': value })
  const owner = await findAddressOwner(db, by, value)
  return owner && owner.verified_at !== null ? readUser(db, { 'base.user_id': owner.user_id }) : undefined
}

async function readUser(
  db: Knex,
  key: Readonly<Record<string, string | number>>,
): Promise<FoundUserRow | undefined> {
  const query = db('account_user_base as base')
    .leftJoin('account_user_info as info', 'info.user_id', 'base.user_id')
    .leftJoin('account_user_login as login', 'login.user_id', 'base.user_id')
  for (const kind of ['mobile', 'email'] as const) {
    query.leftJoin(`user_identity as ${kind}`, (on) =>
      on
        .on(`${kind}.user_id`, 'base.user_id')
        .andOnVal(`${kind}.kind`, kind)
        .andOnNotNull(`${kind}.verified_at`),
    )
    // The binding of whom the old server has registered since.
    query.leftJoin(`account_user_bind_connect as bound_${kind}`, (on) =>
      on
        .on(`bound_${kind}.user_id`, 'base.user_id')
        .andOnVal(`bound_${kind}.bind_type`, addressBindTypes[kind])
        .andOn(`bound_${kind}.bind_active`, '<>', db.raw('?', [writtenFor(db, 'bind_active', 0)])),
    )
  }
  const found = await query.where(key).first<LookedUp | undefined>(
    'base.user_id',
    'base.user_account',
    'info.user_nickname',
    'info.user_avatar',
    'mobile.value as mobile',
    'bound_mobile.bind_id as bound_mobile',
    'email.value as email',
    'bound_email.bind_id as bound_email',
    db.raw(`${currentState} as user_state`),
    db.raw('coalesce(info.user_level_id, 0) as user_level_id'),
    // Users of the old shop have their time in the old table, those of the command line in ours.
    db.raw(
      `${inMilliseconds(db, 'coalesce(nullif(login.user_reg_time, 0), base.user_created_at)')} as registered_at`,
    ),
  )
  if (!found) return undefined
  const { bound_mobile: number, bound_email: address, ...user } = found
  return {
    ...user,
    mobile: user.mobile ?? (number && ownedForm('mobile', number)),
    email: user.email ?? (address && ownedForm('email', address)),
    registered_at: Number(found.registered_at),
  }
}
