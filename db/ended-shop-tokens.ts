import type { Knex } from 'knex'
import { inSlices, mostValues } from './statement-size.js'

declare module 'knex/types/tables.js' {
  interface Tables {
    ended_shop_token: { token_digest: string; expires_at: number }
  }
}

/** Remembers that a token which the shop issued was ended, until it would have ended by itself (ms). */
export async function endShopToken(db: Knex, digest: string, expiresAt: number): Promise<void> {
  await db('ended_shop_token')
    .insert({ token_digest: digest, expires_at: expiresAt })
    .onConflict('token_digest')
    .ignore()
}

export async function isShopTokenEnded(db: Knex, digest: string): Promise<boolean> {
  return (await db('ended_shop_token').where({ token_digest: digest }).first('token_digest')) !== undefined
}

/** Which of these tokens were ended. */
export async function listEndedShopTokens(db: Knex, digests: readonly string[]): Promise<string[]> {
  return inSlices<string, string>(digests, mostValues, async (some) =>
    db('ended_shop_token')
      .whereIn('token_digest', [...some])
      .pluck('token_digest'),
  )
}
