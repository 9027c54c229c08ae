import type { Knex } from 'knex'
import { isDuplicate } from './transaction.js'
import { writeUnsynced } from './unsynced-write.js'

/** Wrong passwords in a row, per user. */
export interface LoginFailureRow {
  subject: string
  failures: number
  blocked_until: number
  expires_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    login_failure: LoginFailureRow
  }
}

/** Makes the subject's first row; false if it has one already. A power cut may forget a guess, no more. */
export async function insertLoginFailures(db: Knex, row: LoginFailureRow): Promise<boolean> {
  try {
    await writeUnsynced(db, (db) => db('login_failure').insert(row))
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

/** The subject's row, made if missing, locked until the transaction ends. */
export async function lockLoginFailures(db: Knex, subject: string): Promise<LoginFailureRow> {
  const none = { subject, failures: 0, blocked_until: 0, expires_at: 0 }
  await db('login_failure').insert(none).onConflict('subject').merge(['subject'])
  return (await db('login_failure').where({ subject }).forUpdate().first()) ?? none
}

export async function saveLoginFailures(db: Knex, row: LoginFailureRow): Promise<void> {
  const { subject, ...change } = row
  await db('login_failure').where({ subject }).update(change)
}

export async function clearLoginFailures(db: Knex, subject: string): Promise<void> {
  await writeUnsynced(db, (db) => db('login_failure').where({ subject }).delete())
}

/** All that is counted of a user by whatever name and from wherever: `10002`, `own:10002`, `10002/mobile|203.0.113.7`. */
function failuresOf(db: Knex, userId: number) {
  return db('login_failure').where((subjects) => {
    // 0 follows the slash: the second part reads all that begins with `10002/`.
    subjects
      .whereIn('subject', [`${userId}`, `own:${userId}`])
      .orWhere((named) => void named.where('subject', '>=', `${userId}/`).where('subject', '<', `${userId}0`))
  })
}

/** What is remembered of a user's wrong passwords at a moment (ms), by whatever name. */
export async function listLoginFailures(db: Knex, userId: number, now: number): Promise<LoginFailureRow[]> {
  return failuresOf(db, userId).where('expires_at', '>', now).orderBy('subject')
}

/** Forgets it, in the caller's transaction; returns how many counts there were. */
export async function deleteLoginFailures(db: Knex, userId: number): Promise<number> {
  return failuresOf(db, userId).delete()
}
