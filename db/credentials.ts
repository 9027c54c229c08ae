import type { Knex } from 'knex'
import { type AddressKind, ownersBindings, ownersSql } from './address-owners.js'
import { compileRead, compileShapes } from './compiled-read.js'
import { inSlices, mostValues } from './statement-size.js'
import { currentState, type UserBaseRow } from './users.js'
import type { UserInfoRow } from './user-info.js'

/** What signing in and password checks need. */
export type Credentials = Pick<
  UserBaseRow,
  'user_id' | 'user_account' | 'user_password' | 'user_salt' | 'session_generation'
> &
  Pick<UserInfoRow, 'user_state'>

const selectCredentials = (db: Knex): Knex.QueryBuilder =>
  db('account_user_base as base')
    .leftJoin('account_user_info as info', 'info.user_id', 'base.user_id')
    .select('base.user_id', 'base.user_account', 'user_password', 'user_salt', 'session_generation')
    .select(db.raw(`${currentState} as user_state`))

const readCredentials = compileRead<Credentials, [userId: number]>((db, userId) =>
  selectCredentials(db).where('base.user_id', userId),
)

export async function findCredentials(db: Knex, userId: number): Promise<Credentials | undefined> {
  return readCredentials.first(db, userId)
}

/** The same of many users; those who are gone are left out. */
export async function listCredentials(db: Knex, userIds: readonly number[]): Promise<Credentials[]> {
  return inSlices<number, Credentials>(userIds, mostValues, async (some) =>
    selectCredentials(db).whereIn('base.user_id', [...some]),
  )
}

/** What a user may sign in by; what was not written finds nobody. */
export interface SignInName {
  /** E.164. */
  readonly mobile?: string
  /** In lower case. */
  readonly email?: string
  readonly account?: string
  /** The account without case, accents and width: what only it fits comes last. */
  readonly folded?: string
}

/** `found_by`: up to this the number or the e-mail address, above it the account. */
export const lastOwnersRank = 6

export type SignInUser = Credentials & {
  readonly found_by: number
  /** When the user last signed in (ms); null where there is no such row yet. */
  readonly user_active_time: number | null
}

/** Of users found by several ways the owner of the number or the e-mail comes first, then the account. */
function selectSignInUser(db: Knex, kind: AddressKind | undefined, marks: readonly (string | number)[]) {
  const named = (rank: number) =>
    `select user_id, ${rank} as found_by from account_user_base where user_account = ? and user_account <> ''`
  const proved = kind === 'email' ? 'where verified_at is not null' : ''
  const owner = kind && `select user_id, found_by from (${ownersSql(db, kind)}) as owner ${proved} union all `
  return db
    .from(
      db.raw(`(${owner ?? ''}${named(lastOwnersRank + 1)} union all ${named(lastOwnersRank + 2)}) as found`, [
        ...marks,
      ]),
    )
    .join('account_user_base as base', 'base.user_id', 'found.user_id')
    .leftJoin('account_user_info as info', 'info.user_id', 'base.user_id')
    .leftJoin('account_user_login as login', 'login.user_id', 'base.user_id')
    .select('base.user_id', 'base.user_account', 'user_password', 'user_salt', 'session_generation')
    .select(db.raw(`${currentState} as user_state`))
    .select('found_by', 'user_active_time')
    .orderByRaw('found_by, base.user_id')
}

const readSignInUsers = compileShapes()

/**
 * Who signs in: the owner of a number, which an old shop's users have without proof as well (account.md §8), of a
 * verified e-mail, or whose account it is; by what both servers have written, in one statement.
 */
export async function findSignInUser(
  db: Knex,
  { mobile, email, account = '', folded = '' }: SignInName,
): Promise<SignInUser | undefined> {
  const value = mobile ?? email
  const kind = mobile !== undefined ? 'mobile' : email !== undefined ? 'email' : undefined
  const owned = kind === undefined ? [] : ownersBindings(kind, value ?? '')
  const [found] = await readSignInUsers<SignInUser>(
    db,
    { key: kind ?? 'account', build: (marks) => selectSignInUser(db, kind, marks) },
    [...owned, account, folded],
  )
  return found
}

/** Stores a new hash and the salt that belongs to it, in place of the old ones. */
export async function updatePassword(
  db: Knex,
  userId: number,
  { passwordHash, passwordSalt }: { readonly passwordHash: string; readonly passwordSalt: string },
): Promise<void> {
  await db('account_user_base')
    .where({ user_id: userId })
    .update({ user_password: passwordHash, user_salt: passwordSalt })
}

/** Replaces a hash unless somebody changed the password in the meantime; `salt` belongs to the new one. */
export async function upgradePassword(
  db: Knex,
  user: Pick<UserBaseRow, 'user_id' | 'user_password'>,
  hash: string,
  salt = '',
): Promise<void> {
  await db('account_user_base')
    .where({ user_id: user.user_id, user_password: user.user_password })
    .update({ user_password: hash, user_salt: salt })
}

/** Users after an id whose hash is of no slow form and not sealed, in the order of their ids. */
export async function listOldHashes(
  db: Knex,
  after: number,
  most: number,
): Promise<Pick<UserBaseRow, 'user_id' | 'user_password' | 'user_salt'>[]> {
  return db('account_user_base')
    .select('user_id', 'user_password', 'user_salt')
    .where('user_id', '>', after)
    .whereNot('user_password', '')
    .whereNot('user_password', 'like', '$%')
    .whereNot('user_password', 'like', '{%}$argon2id$%')
    .orderBy('user_id')
    .limit(most)
}

/** How a user signs in by password and by number. */
export type CallerRow = Pick<UserBaseRow, 'user_id' | 'user_account' | 'user_password' | 'user_salt'> &
  Readonly<Record<'user_intl' | 'user_mobile', string | null>>

export async function findCaller(db: Knex, userId: number): Promise<CallerRow | undefined> {
  return db('account_user_base as base')
    .leftJoin('account_user_info as info', 'info.user_id', 'base.user_id')
    .where('base.user_id', userId)
    .first<CallerRow | undefined>(
      'base.user_id',
      'base.user_account',
      'user_password',
      'user_salt',
      'user_intl',
      'user_mobile',
    )
}
