import type { Knex } from 'knex'

/** That a user has agreed to a document, and when that was last (ms). */
export interface UserConsentRow {
  user_id: number
  document_key: string
  agreed_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    user_consent: UserConsentRow
  }
}

export async function saveConsent(db: Knex, row: UserConsentRow): Promise<void> {
  await db('user_consent').insert(row).onConflict(['user_id', 'document_key']).merge(['agreed_at'])
}
