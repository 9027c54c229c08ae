import type { Knex } from 'knex'
import { isDuplicate } from './transaction.js'

declare module 'knex/types/tables.js' {
  interface Tables {
    used_mail_token: { token_id: string; expires_at: number }
    used_nonce: { app_name: string; nonce: string; expires_at: number }
  }
}

/** Marks a mailed token as used; false when it was already. The primary key decides between parallel calls. */
export async function useMailToken(db: Knex, tokenId: string, expiresAt: number): Promise<boolean> {
  return insertOnce(db('used_mail_token').insert({ token_id: tokenId, expires_at: expiresAt }))
}

export async function isMailTokenUsed(db: Knex, tokenId: string): Promise<boolean> {
  return (await db('used_mail_token').where({ token_id: tokenId }).first('token_id')) !== undefined
}

/** Remembers an application's nonce; false when it was seen before, by any node. */
export async function useNonce(db: Knex, app: string, nonce: string, expiresAt: number): Promise<boolean> {
  return insertOnce(db('used_nonce').insert({ app_name: app, nonce, expires_at: expiresAt }))
}

async function insertOnce(insert: PromiseLike<unknown>): Promise<boolean> {
  try {
    await insert
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}
