import type { Knex } from 'knex'
import { isMysql } from './connect.js'
import { inMilliseconds } from './shop/raw-sql.js'
import { authentication } from './user-certificates.js'
import { currentState } from './users.js'

/** A user in the console's list. Null where an imported user has no such row. */
export interface FoundUser {
  readonly user_id: number
  readonly user_account: string
  readonly user_nickname: string | null
  readonly user_avatar: string | null
  readonly user_state: number
  readonly user_level_name: string | null
  readonly user_intl: string | null
  readonly user_mobile: string | null
  readonly user_email: string | null
  readonly user_is_authentication: number | null
  /** Milliseconds. */
  readonly registered_at: number
  /** Milliseconds, 0 for never. */
  readonly last_sign_in_at: number
}

/**
 * Ids of the newest users below an id, the newest first; of those in a state, if one is given. Pages are asked for by
 * the last id of the one before, so that none costs more than the first.
 */
export async function listNewestUsers(
  db: Knex,
  { below, state, most }: { readonly below?: number; readonly state?: number; readonly most: number },
): Promise<number[]> {
  const users = db(state === undefined ? 'account_user_base' : 'account_user_info')
  if (state !== undefined) void users.where({ user_state: state })
  if (below !== undefined) void users.where('user_id', '<', below)
  return users.orderBy('user_id', 'desc').limit(most).pluck('user_id')
}

/** Where a page of nicknames ended. */
export interface NicknamePlace {
  readonly nickname: string
  readonly userId: number
}

/**
 * Users whose nickname begins so, whatever the case of its letters (on SQLite of ASCII letters), in the order of their
 * nicknames; those after a place, if one is given.
 */
export async function listByNickname(
  db: Knex,
  {
    beginning,
    after,
    most,
  }: { readonly beginning: string; readonly after?: NicknamePlace; readonly most: number },
): Promise<NicknamePlace[]> {
  const name = isMysql(db) ? 'user_nickname' : 'user_nickname collate nocase'
  const select = () => {
    const users = db('account_user_info')
      .select<NicknamePlace[]>('user_id as userId', 'user_nickname as nickname')
      .limit(most)
    return isMysql(db)
      ? users.whereRaw("user_nickname like ? escape '|'", [`${beginning.replace(/[|%_]/g, '|$&')}%`])
      : users.whereRaw(`${name} >= ? and ${name} < ?`, [beginning, `${beginning}\u{10ffff}`])
  }
  const selectRest = () => select().orderByRaw(`${name}, user_id`)
  if (!after) return selectRest()
  const { nickname, userId } = after
  // MariaDB reads on from the very place; of the same nickname alone it would read all, however many these are.
  if (isMysql(db))
    return selectRest().whereRaw('((user_nickname = ? and user_id > ?) or user_nickname > ?)', [
      nickname,
      userId,
      nickname,
    ])
  // SQLite, the other way about, would sort what either half finds.
  const same = await select()
    .whereRaw(`${name} = ?`, [nickname])
    .where('user_id', '>', userId)
    .orderBy('user_id')
  if (same.length === most) return same
  return [...same, ...(await selectRest().whereRaw(`${name} > ?`, [nickname]))].slice(0, most)
}

/** MySQL makes a decimal, which is text, of numbers with and without a sign. */
type ReadUser = Omit<FoundUser, Times> & Readonly<Record<Times, number | string>>
type Times = 'registered_at' | 'last_sign_in_at'

/** Some users as the console lists them, in the order of the ids; those who are gone are left out. */
export async function listFoundUsers(db: Knex, userIds: readonly number[]): Promise<FoundUser[]> {
  if (userIds.length === 0) return []
  const registeredAt = inMilliseconds(db, 'coalesce(nullif(login.user_reg_time, 0), base.user_created_at)')
  const signedInAt = inMilliseconds(db, 'login.user_active_time')
  const rows: ReadUser[] = await db('account_user_base as base')
    .leftJoin('account_user_info as info', 'info.user_id', 'base.user_id')
    .leftJoin('account_user_login as login', 'login.user_id', 'base.user_id')
    .leftJoin('account_user_level as level', 'level.user_level_id', 'info.user_level_id')
    .whereIn('base.user_id', [...userIds])
    .select('base.user_id', 'base.user_account', 'user_nickname', 'user_avatar', 'user_level_name')
    .select('user_intl', 'user_mobile', 'user_email', 'user_is_authentication')
    .select(
      db.raw(`${currentState} as user_state`),
      db.raw(`${registeredAt} as registered_at`),
      db.raw(`coalesce(${signedInAt}, 0) as last_sign_in_at`),
    )
  const byId = new Map(rows.map((row) => [row.user_id, row]))
  return userIds.flatMap((id) => {
    const row = byId.get(id)
    if (!row) return []
    const { registered_at: registered, last_sign_in_at: signedIn } = row
    return [{ ...row, registered_at: Number(registered), last_sign_in_at: Number(signedIn) }]
  })
}

/** A certificate that waits for its review. Null where an imported user's has no row of ours. */
export interface WaitingCertificate {
  readonly user_id: number
  readonly user_account: string | null
  readonly user_nickname: string
  readonly user_realname: string
  readonly user_idcard: string
  readonly user_idcard_images: string
  /** Milliseconds. */
  readonly submitted_at: number | null
}

/** The certificates that wait, in the order of their users' ids; those after an id. */
export async function listWaitingCertificates(
  db: Knex,
  { after, most }: { readonly after: number; readonly most: number },
): Promise<WaitingCertificate[]> {
  return db('account_user_info as info')
    .leftJoin('account_user_base as base', 'base.user_id', 'info.user_id')
    .leftJoin('user_certificate as certificate', 'certificate.user_id', 'info.user_id')
    .where('info.user_is_authentication', authentication.waiting)
    .where('info.user_id', '>', after)
    .orderBy('info.user_id')
    .limit(most)
    .select<WaitingCertificate[]>(
      'info.user_id',
      'base.user_account',
      'user_nickname',
      'user_realname',
      'user_idcard',
      'user_idcard_images',
      'submitted_at',
    )
}
