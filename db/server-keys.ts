import type { Knex } from 'knex'

/** A key pair of the server's own, shared by all nodes. */
export interface ServerKeyRow {
  name: string
  /** SPKI, DER, base64. */
  public_key: string
  /** PKCS #8, DER, base64, sealed by the vault. */
  sealed_key: string
  created_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    server_key: ServerKeyRow
  }
}

export async function findServerKey(db: Knex, name: string): Promise<ServerKeyRow | undefined> {
  return db('server_key').where({ name }).first()
}

/** Stores a key unless there is one of its name; the first of several nodes wins. */
export async function insertServerKey(db: Knex, row: ServerKeyRow): Promise<void> {
  await db('server_key').insert(row).onConflict('name').ignore()
}
