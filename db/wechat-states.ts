import type { Knex } from 'knex'

/** A sign-in that has been sent to WeChat and is to come back once. */
export interface WechatStateRow {
  /** SHA-256 of the state, hexadecimal: the state itself is not kept. */
  state_hash: string
  app_id: string
  /** SHA-256 of the browser's cookie; empty: any browser may bring it back. */
  browser_hash: string
  return_to: string
  /** The hosted page's ticket that the sign-in is for; empty for none. */
  ticket_hash: string
  /** Milliseconds. */
  expires_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    wechat_state: WechatStateRow
  }
}

export async function insertWechatState(db: Knex, row: WechatStateRow): Promise<void> {
  await db('wechat_state').insert(row)
}

/**
 * The state of an application that this browser may bring back, removed; undefined for any other. Of parallel calls
 * the one whose DELETE finds the row has it.
 */
export async function takeWechatState(
  db: Knex,
  wanted: Pick<WechatStateRow, 'state_hash' | 'app_id' | 'browser_hash'>,
  now: number,
): Promise<WechatStateRow | undefined> {
  const { state_hash, app_id, browser_hash } = wanted
  const fitting = () =>
    db('wechat_state')
      .where({ state_hash, app_id })
      .whereIn('browser_hash', ['', browser_hash])
      .where('expires_at', '>=', now)
  const row = await fitting().first()
  if (!row) return undefined
  return (await fitting().delete()) === 1 ? row : undefined
}
