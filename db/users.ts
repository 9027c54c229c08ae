import type { Knex } from 'knex'
import { compileRead } from './compiled-read.js'

export interface UserBaseRow {
  user_id: number
  user_account: string
  user_password: string
  user_salt: string
  /** Raised to end all sessions at once: a token of an older generation is dead. */
  session_generation: number
  user_created_at: number
}

export interface UserInfoRow {
  user_id: number
  user_account: string
  user_nickname: string
  user_avatar: string
  /** 0 locked, 1 active, 2 not active. */
  user_state: number
  /** The number without its country code. */
  user_mobile: string
  /** The country code with a plus. */
  user_intl: string
  user_email: string
  /** 0 not told, 1 male, 2 female. */
  user_gender: number
  /** `yyyy-MM-dd`; the driver may answer a Date. */
  user_birthday: string | Date | null
  user_level_id: number
  user_realname: string
  /** Only its first and last character; the number itself is sealed in `user_certificate`. */
  user_idcard: string
  user_idcard_images: string
  /** 0 none, 1 waiting, 2 passed, 3 failed. */
  user_is_authentication: number
  tag_ids: string
  user_from: number
  user_new: number
  /** Ours: the line a user signs with. */
  user_sign: string
}

/** What a user and administrators are shown alike. */
export type SharedUserFields = Pick<
  UserInfoRow,
  | 'user_nickname'
  | 'user_avatar'
  | 'user_mobile'
  | 'user_intl'
  | 'user_gender'
  | 'user_birthday'
  | 'user_email'
  | 'user_realname'
  | 'user_idcard'
  | 'user_is_authentication'
  | 'tag_ids'
>

declare module 'knex/types/tables.js' {
  interface Tables {
    account_user_base: UserBaseRow
    account_user_info: UserInfoRow
  }
}

/** What signing in and password checks need. */
export type Credentials = Pick<
  UserBaseRow,
  'user_id' | 'user_account' | 'user_password' | 'user_salt' | 'session_generation'
> &
  Pick<UserInfoRow, 'user_state'>

const readCredentials = compileRead<Credentials>((db) =>
  db('account_user_base as base')
    .leftJoin('account_user_info as info', 'info.user_id', 'base.user_id')
    .select('base.user_id', 'base.user_account', 'user_password', 'user_salt', 'session_generation')
    .select(db.raw('coalesce(user_state, 1) as user_state'))
    .where('base.user_id', db.raw('?')),
)

export async function findCredentials(db: Knex, userId: number): Promise<Credentials | undefined> {
  const [row] = await readCredentials(db, [userId])
  return row
}

/** What somebody may sign in by; what he did not write finds nobody. */
export interface SignInName {
  /** E.164. */
  readonly mobile?: string
  /** In lower case. */
  readonly email?: string
  readonly account?: string
  /** The account without case, accents and width: what only it fits comes last. */
  readonly folded?: string
}

/** Of users found by several ways the owner of the number comes first, then that of the e-mail, then the account. */
const readSignInUser = compileRead<Credentials>((db) => {
  const owner = (kind: string, rank: number): Knex.QueryBuilder =>
    db('user_identity')
      .select('user_id', db.raw(`${rank} as found_by`))
      .whereRaw(`kind = '${kind}'`)
      .where('value', db.raw('?'))
  const verified = (kind: string, rank: number) => owner(kind, rank).whereNotNull('verified_at')
  const named = (rank: number): Knex.QueryBuilder =>
    db('account_user_base')
      .select('user_id', db.raw(`${rank} as found_by`))
      .where('user_account', db.raw('?'))
      .whereRaw("user_account <> ''")
  return db
    .from(
      owner('mobile', 1)
        .unionAll([verified('email', 2), named(3), named(4)])
        .as('found'),
    )
    .join('account_user_base as base', 'base.user_id', 'found.user_id')
    .leftJoin('account_user_info as info', 'info.user_id', 'base.user_id')
    .select('base.user_id', 'base.user_account', 'user_password', 'user_salt', 'session_generation')
    .select(db.raw('coalesce(user_state, 1) as user_state'))
    .orderBy('found_by')
})

/**
 * Who signs in: the owner of a number, which an old shop's users have without proof as well (account.md §8), of a
 * verified e-mail, or whose account it is; in one statement.
 */
export async function findSignInUser(
  db: Knex,
  { mobile = '', email = '', account = '', folded = '' }: SignInName,
): Promise<Credentials | undefined> {
  const [row] = await readSignInUser(db, [mobile, email, account, folded])
  return row
}

/** Which addresses a user has, and since when each is verified (ms; null: not). */
export interface VerifiedAddresses {
  user_id: number
  user_intl: string | null
  user_mobile: string | null
  user_email: string | null
  mobile_verified_at: number | null
  email_verified_at: number | null
}

export async function findVerifiedAddresses(
  db: Knex,
  userId: number,
): Promise<VerifiedAddresses | undefined> {
  return db('account_user_base as base')
    .leftJoin('account_user_info as info', 'info.user_id', 'base.user_id')
    .leftJoin('user_identity as mobile', (on) =>
      on.on('mobile.user_id', 'base.user_id').andOnVal('mobile.kind', 'mobile'),
    )
    .leftJoin('user_identity as email', (on) =>
      on.on('email.user_id', 'base.user_id').andOnVal('email.kind', 'email'),
    )
    .where('base.user_id', userId)
    .first<VerifiedAddresses | undefined>(
      'base.user_id',
      'user_intl',
      'user_mobile',
      'user_email',
      'mobile.verified_at as mobile_verified_at',
      'email.verified_at as email_verified_at',
    )
}

export async function userExists(db: Knex, userId: number): Promise<boolean> {
  return (await db('account_user_base').where({ user_id: userId }).first('user_id')) !== undefined
}

/** Locks the user's row until the transaction ends, so that changes of one user happen one after the other. */
export async function lockUser(db: Knex, userId: number): Promise<boolean> {
  const row = await db('account_user_base').where({ user_id: userId }).forUpdate().first('user_id')
  return row !== undefined
}

/** Stores a new hash and drops the old shop's salt, which belongs to the old hash only. */
export async function updatePassword(db: Knex, userId: number, hash: string): Promise<void> {
  await db('account_user_base').where({ user_id: userId }).update({ user_password: hash, user_salt: '' })
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

/** Users after an id whose hash is not argon2id, in the order of their ids. */
export async function listOldHashes(
  db: Knex,
  after: number,
  most: number,
): Promise<Pick<UserBaseRow, 'user_id' | 'user_password' | 'user_salt'>[]> {
  return db('account_user_base')
    .select('user_id', 'user_password', 'user_salt')
    .where('user_id', '>', after)
    .whereNot('user_password', '')
    .whereNot('user_password', 'like', '$argon2id$%')
    .whereNot('user_password', 'like', '{md5}%')
    .orderBy('user_id')
    .limit(most)
}

export async function raiseSessionGeneration(db: Knex, userId: number): Promise<void> {
  await db('account_user_base').where({ user_id: userId }).increment('session_generation', 1)
}

export async function updateMobile(db: Knex, userId: number, intl: string, mobile: string): Promise<void> {
  await upsertInfo(db, userId, { user_intl: intl, user_mobile: mobile })
}

export async function updateEmail(db: Knex, userId: number, email: string): Promise<void> {
  await upsertInfo(db, userId, { user_email: email })
}

export async function updateLevel(db: Knex, userId: number, levelId: number): Promise<void> {
  await upsertInfo(db, userId, { user_level_id: levelId })
}

export async function updateState(db: Knex, userId: number, state: number): Promise<void> {
  await upsertInfo(db, userId, { user_state: state })
}

/** Rows of an imported base table may have no info row yet. */
async function upsertInfo(db: Knex, userId: number, change: Partial<UserInfoRow>): Promise<void> {
  await db('account_user_info')
    .insert({ user_id: userId, ...change })
    .onConflict('user_id')
    .merge(Object.keys(change) as (keyof UserInfoRow)[])
}

export interface NewUser {
  readonly userId?: number
  readonly account: string
  readonly passwordHash: string
  readonly nickname?: string
  readonly avatar?: string
  /** Where he registered, `user_from`. */
  readonly from?: number
  readonly intl?: string
  readonly mobile?: string
  readonly email?: string
  readonly createdAt: number
}

/** Inserts the two rows every user has and returns the id. Throws a duplicate error for a taken account or id. */
export async function insertUser(db: Knex, user: NewUser): Promise<number> {
  const [userId = 0] = await db('account_user_base').insert({
    ...(user.userId === undefined ? {} : { user_id: user.userId }),
    user_account: user.account,
    user_password: user.passwordHash,
    user_created_at: user.createdAt,
  })
  await db('account_user_info').insert({
    user_id: userId,
    user_account: user.account,
    user_nickname: user.nickname ?? user.account,
    user_intl: user.intl ?? '+86',
    user_mobile: user.mobile ?? '',
    user_email: user.email ?? '',
    user_avatar: user.avatar ?? '',
    user_from: user.from ?? 2310,
  })
  return userId
}

export async function findUserIdByAccount(db: Knex, account: string): Promise<number | undefined> {
  return (await db('account_user_base').where({ user_account: account }).first('user_id'))?.user_id
}

export async function hasUsers(db: Knex): Promise<boolean> {
  return (await db('account_user_base').first('user_id')) !== undefined
}

export async function findInfo(db: Knex, userId: number): Promise<UserInfoRow | undefined> {
  return db('account_user_info').where({ user_id: userId }).first()
}
