import type { Knex } from 'knex'

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
    account_user_info: UserInfoRow
  }
}

export async function updateMobile(db: Knex, userId: number, intl: string, mobile: string): Promise<void> {
  await saveUserInfo(db, userId, { user_intl: intl, user_mobile: mobile })
}

export async function updateEmail(db: Knex, userId: number, email: string): Promise<void> {
  await saveUserInfo(db, userId, { user_email: email })
}

export async function updateLevel(db: Knex, userId: number, levelId: number): Promise<void> {
  await saveUserInfo(db, userId, { user_level_id: levelId })
}

/** Changes the given fields only. Rows of an imported base table may have no info row yet. */
export async function saveUserInfo(db: Knex, userId: number, change: Partial<UserInfoRow>): Promise<void> {
  const columns = Object.keys(change) as (keyof UserInfoRow)[]
  if (columns.length === 0) return
  await db('account_user_info')
    .insert({ user_id: userId, ...change })
    .onConflict('user_id')
    .merge(columns)
}

export async function findUserInfo(db: Knex, userId: number): Promise<UserInfoRow | undefined> {
  return db('account_user_info').where({ user_id: userId }).first()
}
