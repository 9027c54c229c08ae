import type { Knex } from 'knex'

/** Users with ids after one, up to another. */
export interface UserRange {
  readonly after: number
  readonly upTo: number
}

/** The range of the next users after an id, `most` of them at most; undefined where there are none. */
export async function findNextUsers(db: Knex, after: number, most: number): Promise<UserRange | undefined> {
  const next = () => db('account_user_base').where('user_id', '>', after)
  const [full] = await next()
    .orderBy('user_id')
    .offset(most - 1)
    .limit(1)
    .pluck('user_id')
  if (full !== undefined) return { after, upTo: full }
  const [rest] = await next().orderBy('user_id', 'desc').limit(1).pluck('user_id')
  return rest === undefined ? undefined : { after, upTo: rest }
}

/**
 * How many users have a stored password of each kind (gateway/services/sign-in/passwords.ts, passwordKind). Reads every
 * row, or every one of a range.
 */
export async function countPasswordKinds(
  db: Knex,
  range?: UserRange,
): Promise<{ kind: string; users: number }[]> {
  const kind = `CASE
    WHEN user_password LIKE '$argon2id$%' THEN 'argon2id'
    WHEN user_password LIKE '{%}$argon2id$%' THEN 'argon2id(*)'
    WHEN user_password LIKE '{%}%' THEN '*'
    WHEN user_password LIKE '$2_$%' OR user_password LIKE '$wp$2_$%' THEN 'bcrypt'
    WHEN user_password LIKE '$P$%' OR user_password LIKE '$H$%' THEN 'phpass'
    WHEN user_password LIKE '$argon2i$%' THEN 'argon2i'
    WHEN user_password LIKE 'pbkdf2%' OR user_password LIKE '$pbkdf2%' THEN 'pbkdf2'
    WHEN user_password LIKE 'sha%:%:%:%' THEN 'pbkdf2'
    WHEN coalesce(user_password, '') = '' THEN 'none'
    WHEN length(user_password) = 65 AND substr(user_password, 33, 1) = ':' THEN 'md5:R'
    WHEN length(user_password) <> 32 THEN 'unknown'
    WHEN coalesce(user_salt, '') = '' THEN 'md5'
    ELSE 'md5+salt' END`
  const mark =
    "CASE WHEN user_password LIKE '{%' THEN substr(user_password, 2, instr(user_password, '}') - 2) END"
  const rows: { kind: string; mark: string | null; users: number | string }[] = await usersIn(db, range)
    .select(db.raw(`${kind} AS kind`), db.raw(`${mark} AS mark`), db.raw('count(*) AS users'))
    .groupBy('kind', 'mark')
  return rows.map(({ kind, mark, users }) => ({ kind: kind.replace('*', mark ?? ''), users: Number(users) }))
}

function usersIn(db: Knex, range: UserRange | undefined): Knex.QueryBuilder {
  const users = db('account_user_base')
  return range ? users.where('user_id', '>', range.after).where('user_id', '<=', range.upTo) : users
}
