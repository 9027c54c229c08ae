import type { Knex } from 'knex'

/** What a drawn picture shows. Neither the key it was drawn for nor its text is kept. */
export interface CaptchaAnswerRow {
  /** SHA-256 of the client's `verify_key`, hex. */
  captcha_key: string
  digest: string
  expires_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    captcha_answer: CaptchaAnswerRow
  }
}

/** Stores an answer in place of the key's former one. */
export async function replaceCaptchaAnswer(db: Knex, row: CaptchaAnswerRow): Promise<void> {
  await db('captcha_answer').insert(row).onConflict('captcha_key').merge()
}

/**
 * Takes the key's answer away, in the caller's transaction: of parallel callers one is given it, who removes it. The lock
 * that it is read with is known to one node of a cluster only, a removal to all.
 */
export async function takeCaptchaAnswer(db: Knex, key: string): Promise<CaptchaAnswerRow | undefined> {
  const row = await db('captcha_answer').where({ captcha_key: key }).forUpdate().first()
  const removed = row ? await db('captcha_answer').where({ captcha_key: key }).delete() : 0
  return removed > 0 ? row : undefined
}
