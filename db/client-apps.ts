import type { Knex } from 'knex'

/** A registered client application; lists are JSON, secrets sealed under DATA_KEY. */
export interface ClientAppRow {
  name: string
  scheme: 'legacy' | 'hmac-sha256'
  trust: 'server' | 'public'
  grants: string
  addresses: string
  secrets: string
  enabled: number | boolean
  /** Digits of the codes it has sent; null: as `CODE_LENGTH` says. */
  code_length: number | null
  /** What is done with calls whose legacy signature can be read as another call; null: `refuse`. */
  recut: 'report' | 'refuse' | null
  /** What is done with calls whose password stands in the query; null: `accept`. */
  query_credentials: 'accept' | 'refuse' | null
  /** JSON: guards that only report, and until when; null for none. */
  report_only: string | null
  created_at: number
  updated_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    client_app: ClientAppRow
  }
}

export async function listClientApps(db: Knex): Promise<ClientAppRow[]> {
  return db('client_app').orderBy('name')
}

export async function findClientApp(db: Knex, name: string): Promise<ClientAppRow | undefined> {
  return db('client_app').where({ name }).first()
}

/** The row, locked until the transaction ends. */
export async function lockClientApp(db: Knex, name: string): Promise<ClientAppRow | undefined> {
  return db('client_app').where({ name }).forUpdate().first()
}

export async function insertClientApp(db: Knex, row: ClientAppRow): Promise<void> {
  await db('client_app').insert(row)
}

export async function updateClientApp(db: Knex, name: string, change: Partial<ClientAppRow>): Promise<void> {
  await db('client_app').where({ name }).update(change)
}
