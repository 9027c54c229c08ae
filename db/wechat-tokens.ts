import type { Knex } from 'knex'

export type WechatTokenKind = 'access' | 'jsapi'

/** What WeChat lends an application for two hours; shared by all nodes. */
export interface WechatTokenRow {
  app_id: string
  kind: WechatTokenKind
  /** Sealed by the vault; empty before the first one. No two are alike, so this also says which token it is. */
  sealed_value: string
  /** Milliseconds since 1970, as are the others; 0 for a token that WeChat has taken back. */
  expires_at: number
  /** Until then one node asks WeChat for a new one, and no other does. */
  refreshing_until: number
  /** After WeChat gave none: until then nobody asks it. */
  retry_at: number
  fetched_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    wechat_token: WechatTokenRow
  }
}

/** Which token of which application. */
export type WechatTokenKey = Pick<WechatTokenRow, 'app_id' | 'kind'>

export async function findWechatToken(db: Knex, key: WechatTokenKey): Promise<WechatTokenRow | undefined> {
  return db('wechat_token').where(key).first()
}

/** Makes the row of a token that nobody has asked for yet; nothing happens when there is one. */
export async function insertEmptyWechatToken(db: Knex, key: WechatTokenKey): Promise<void> {
  await db('wechat_token')
    .insert({ ...key, sealed_value: '', expires_at: 0, refreshing_until: 0, retry_at: 0, fetched_at: 0 })
    .onConflict(['app_id', 'kind'])
    .ignore()
}

/**
 * Takes the refresh of a token for one node until `until`. False when another node has it at `now`, when WeChat is not
 * to be asked yet, or when another token stands in this one's place.
 */
export async function leaseWechatToken(
  db: Knex,
  { app_id, kind, sealed_value }: WechatTokenRow,
  { now, until }: { readonly now: number; readonly until: number },
): Promise<boolean> {
  const taken = await db('wechat_token')
    .where({ app_id, kind, sealed_value })
    .where('refreshing_until', '<=', now)
    .where('retry_at', '<=', now)
    .update({ refreshing_until: until })
  return taken > 0
}

/** Stores a new token and gives the refresh back. False when that was lost to another node meanwhile. */
export async function storeWechatToken(
  db: Knex,
  { app_id, kind, ...values }: Omit<WechatTokenRow, 'refreshing_until' | 'retry_at'>,
  leasedUntil: number,
): Promise<boolean> {
  const stored = await db('wechat_token')
    .where({ app_id, kind, refreshing_until: leasedUntil })
    .update({ ...values, refreshing_until: 0, retry_at: 0 })
  return stored > 0
}

/** Gives a refresh back that did not succeed; nobody tries again before `retryAt`. */
export async function releaseWechatToken(
  db: Knex,
  key: WechatTokenKey,
  { leasedUntil, retryAt }: { readonly leasedUntil: number; readonly retryAt: number },
): Promise<void> {
  await db('wechat_token')
    .where({ ...key, refreshing_until: leasedUntil })
    .update({ refreshing_until: 0, retry_at: retryAt })
}

/** Marks exactly this token as one that WeChat has taken back; one that has replaced it stays. */
export async function expireWechatToken(
  db: Knex,
  { app_id, kind, sealed_value }: WechatTokenRow,
): Promise<boolean> {
  const expired = await db('wechat_token')
    .where({ app_id, kind, sealed_value })
    .where('expires_at', '>', 0)
    .update({ expires_at: 0 })
  return expired > 0
}
