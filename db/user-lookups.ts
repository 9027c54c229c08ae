import type { Knex } from 'knex'
import { currentState } from './users.js'
import { inMilliseconds } from './shop/raw-sql.js'

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

const keyColumns = {
  uid: 'base.user_id',
  mobile: 'mobile.value',
  email: 'email.value',
  account: 'base.user_account',
} as const

/** MySQL makes a decimal, which is text, of numbers with and without a sign. */
type LookedUp = Omit<FoundUserRow, 'registered_at'> & { readonly registered_at: number | string }

/** Finds a user, in one statement. */
export async function findUserBy(db: Knex, [by, value]: UserKey): Promise<FoundUserRow | undefined> {
  const query = db('account_user_base as base')
    .leftJoin('account_user_info as info', 'info.user_id', 'base.user_id')
    .leftJoin('account_user_login as login', 'login.user_id', 'base.user_id')
  for (const kind of ['mobile', 'email'] as const)
    query.leftJoin(`user_identity as ${kind}`, (on) =>
      on
        .on(`${kind}.user_id`, 'base.user_id')
        .andOnVal(`${kind}.kind`, kind)
        .andOnNotNull(`${kind}.verified_at`),
    )
  const found = await query.where(keyColumns[by], value).first<LookedUp | undefined>(
    'base.user_id',
    'base.user_account',
    'info.user_nickname',
    'info.user_avatar',
    'mobile.value as mobile',
    'email.value as email',
    db.raw(`${currentState} as user_state`),
    db.raw('coalesce(info.user_level_id, 0) as user_level_id'),
    // Users of the old shop have their time in the old table, those of the command line in ours.
    db.raw(
      `${inMilliseconds(db, 'coalesce(nullif(login.user_reg_time, 0), base.user_created_at)')} as registered_at`,
    ),
  )
  return found && { ...found, registered_at: Number(found.registered_at) }
}
