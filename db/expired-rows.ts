import type { Knex } from 'knex'

/** Tables whose rows mean nothing once their time column has passed; each has an index on it. */
const expiring = [
  ['sent_code', 'expires_at'],
  ['pending_code', 'expires_at'],
  ['usage_limit', 'resets_at'],
  ['login_failure', 'expires_at'],
  ['mobile_check', 'expires_at'],
  ['used_mail_token', 'expires_at'],
  ['used_nonce', 'expires_at'],
  ['ended_shop_token', 'expires_at'],
  ['user_session', 'expires_at'],
  ['ip_block', 'expires_at'],
  ['captcha_answer', 'expires_at'],
  ['wechat_state', 'expires_at'],
  ['wechat_ticket', 'expires_at'],
  ['idempotent_call', 'expires_at'],
  ['console_session', 'expires_at'],
  ['console_ticket', 'expires_at'],
  ['call_watch', 'expires_at'],
  ['watched_call', 'expires_at'],
  ['brown_out', 'expires_at'],
  ['key_holder', 'expires_at'],
  ['move_begun', 'expires_at'],
  ['move_tally', 'expires_at'],
  ['move_proxy', 'expires_at'],
] as const

/** About as many rows go at once: a statement that deletes millions stops everybody else, or runs out of time. */
const atOnce = 5000

/** Deletes what expired before `before` (ms) and returns how many rows went. */
export async function deleteExpiredRows(db: Knex, before: number): Promise<number> {
  let deleted = 0
  for (const [table, column] of expiring) deleted += await deleteOldest(db, { table, column, before })
  return deleted
}

interface Expired {
  readonly table: string
  readonly column: string
  readonly before: number
}

async function deleteOldest(db: Knex, { table, column, before }: Expired): Promise<number> {
  const expired = () => db(table).where(column, '<', before)
  let deleted = 0
  for (;;) {
    const [upTo] = await expired().orderBy(column).offset(atOnce).limit(1).pluck(column)
    if (upTo === undefined) return deleted + (await expired().delete())
    deleted += await expired().where(column, '<=', upTo).delete()
  }
}
