import type { Knex } from 'knex'
import { compileRead } from './compiled-read.js'

export interface SessionRow {
  token_id: string
  user_id: number
  /** The user's session_generation it belongs to; an older one is dead. */
  generation: number
  app_name: string
  ip: string
  created_at: number
  expires_at: number
  revoked_at: number | null
}

declare module 'knex/types/tables.js' {
  interface Tables {
    user_session: SessionRow
  }
}

/** What decides whether one token is alive. */
export type SessionState = Pick<SessionRow, 'user_id' | 'generation' | 'revoked_at' | 'expires_at'>

const readState = compileRead<SessionState>((db) =>
  db('user_session')
    .select('user_id', 'generation', 'revoked_at', 'expires_at')
    .where('token_id', db.raw('?')),
)

export async function findSessionState(db: Knex, tokenId: string): Promise<SessionState | undefined> {
  const [row] = await readState(db, [tokenId])
  return row
}

export async function insertSession(db: Knex, row: Omit<SessionRow, 'revoked_at'>): Promise<void> {
  await db('user_session').insert({ ...row, revoked_at: null })
}

/** Lets a live session last longer. */
export async function extendSession(db: Knex, tokenId: string, expiresAt: number): Promise<void> {
  await db('user_session')
    .where({ token_id: tokenId })
    .where('expires_at', '<', expiresAt)
    .update({ expires_at: expiresAt })
}

export async function revokeSession(db: Knex, tokenId: string, now: number): Promise<void> {
  await db('user_session').where({ token_id: tokenId }).whereNull('revoked_at').update({ revoked_at: now })
}
