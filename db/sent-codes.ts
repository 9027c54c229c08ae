import type { Knex } from 'knex'

/** The one live code of an address. Only its HMAC is kept. */
export interface SentCodeRow {
  /** Channel and address: `sms:+8613912345678`, `mail:a@example.com`. */
  address: string
  code_id: string
  digest: string
  /** What it may be used for; empty: anything. */
  purpose: string
  /** How many digits it has: how often a number may be tried depends on it. */
  code_length: number
  wrong_tries: number
  expires_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    sent_code: SentCodeRow
  }
}

/** Stores a code in place of the address's former one. */
export async function replaceCode(db: Knex, row: SentCodeRow): Promise<void> {
  await db('sent_code').insert(row).onConflict('address').merge()
}

/** The address's code, locked until the transaction ends. */
export async function lockCode(db: Knex, address: string): Promise<SentCodeRow | undefined> {
  return db('sent_code').where({ address }).forUpdate().first()
}

export async function countWrongTry(db: Knex, address: string): Promise<void> {
  await db('sent_code').where({ address }).increment('wrong_tries', 1)
}

/** Removes a code that was used or could not be sent, but not one that took its place. */
export async function deleteCode(db: Knex, address: string, codeId: string): Promise<void> {
  await db('sent_code').where({ address, code_id: codeId }).delete()
}
