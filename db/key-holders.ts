import type { Knex } from 'knex'

/** Variables whose keys all nodes must share. */
export type KeyVariable = 'DATA_KEY' | 'JWT_SECRET' | 'LOGIN_KEY'

/** One key that a running node has. */
export interface KeyHolderRow {
  /** Made anew at each start. */
  node_id: string
  variable: KeyVariable
  /** Tells the key from others, and nothing of it. */
  fingerprint: string
  /** Host and process id, for people. */
  node_name: string
  /** 1 for the key that the node writes with. */
  is_written: number
  /** When the node last said so (ms). */
  seen_at: number
  expires_at: number
}

/** When a key was written with, on whatever node. */
export interface KeyUseRow {
  variable: KeyVariable
  fingerprint: string
  first_at: number
  last_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    key_holder: KeyHolderRow
    key_use: KeyUseRow
  }
}

/** Says, or says again, which keys a node has. */
export async function saveHeldKeys(db: Knex, rows: readonly KeyHolderRow[]): Promise<void> {
  await db('key_holder').insert(rows).onConflict(['node_id', 'variable', 'fingerprint']).merge()
}

/** Forgets what nodes said. */
export async function deleteHeldKeys(db: Knex): Promise<void> {
  await db('key_holder').delete()
}

/** What nodes said since a moment (ms). */
export async function listHeldKeys(db: Knex, since: number): Promise<KeyHolderRow[]> {
  return db('key_holder').where('seen_at', '>=', since).orderBy(['node_name', 'node_id'])
}

/** Notes that keys are written with at a moment (ms). */
export async function saveKeyUses(
  db: Knex,
  keys: readonly Pick<KeyUseRow, 'variable' | 'fingerprint'>[],
  at: number,
): Promise<void> {
  const rows = keys.map(({ variable, fingerprint }) => ({ variable, fingerprint, first_at: at, last_at: at }))
  await db('key_use').insert(rows).onConflict(['variable', 'fingerprint']).merge(['last_at'])
}

/** All keys that were ever written with, the latest first. */
export async function listKeyUses(db: Knex): Promise<KeyUseRow[]> {
  return db('key_use').orderBy([{ column: 'last_at', order: 'desc' }, 'fingerprint'])
}
