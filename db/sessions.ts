import type { Knex } from 'knex'
import { compileRead } from './compiled-read.js'
import { currentState } from './users.js'
import { inSlices, mostValues } from './statement-size.js'

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

/** What decides, besides, of its owner. */
export interface SessionOwner {
  readonly session_generation: number
  readonly user_state: number
}

const readState = compileRead<SessionState, [tokenId: string]>((db, tokenId) =>
  db('user_session').select('user_id', 'generation', 'revoked_at', 'expires_at').where('token_id', tokenId),
)

export async function findSessionState(db: Knex, tokenId: string): Promise<SessionState | undefined> {
  return readState.first(db, tokenId)
}

/** What decides whether a token is alive, its owner's side included, as of one moment. */
export type OwnedSession = SessionState & SessionOwner

const readOwned = compileRead<OwnedSession, [tokenId: string]>((db, tokenId) =>
  db('user_session as session')
    .join('account_user_base as base', 'base.user_id', 'session.user_id')
    .leftJoin('account_user_info as info', 'info.user_id', 'base.user_id')
    .select('session.user_id', 'generation', 'revoked_at', 'expires_at', 'session_generation')
    .select(db.raw(`${currentState} as user_state`))
    .where('token_id', tokenId),
)

export async function findOwnedSession(db: Knex, tokenId: string): Promise<OwnedSession | undefined> {
  return readOwned.first(db, tokenId)
}

/** Which of these tokens are alive, their owners' side included. */
export async function listLiveTokens(db: Knex, tokenIds: readonly string[], now: number): Promise<string[]> {
  return inSlices<string, string>(tokenIds, mostValues, (some) =>
    db('user_session as session')
      .join('account_user_base as base', 'base.user_id', 'session.user_id')
      .leftJoin('account_user_info as info', 'info.user_id', 'base.user_id')
      .whereIn('session.token_id', [...some])
      .whereNull('session.revoked_at')
      .where('session.expires_at', '>', now)
      .whereRaw('session.generation = base.session_generation')
      .whereRaw(`${currentState} <> 0`)
      .pluck('session.token_id'),
  )
}

export async function insertSession(db: Knex, row: Omit<SessionRow, 'revoked_at'>): Promise<void> {
  await db('user_session').insert({ ...row, revoked_at: null })
}

/** Lets a live session last longer. */
export async function extendSession(db: Knex, tokenId: string, expiresAt: number): Promise<void> {
  await db('user_session')
    .where({ token_id: tokenId })
    .whereNull('revoked_at')
    .where('expires_at', '<', expiresAt)
    .update({ expires_at: expiresAt })
}

export async function revokeSession(db: Knex, tokenId: string, now: number): Promise<void> {
  await db('user_session').where({ token_id: tokenId }).whereNull('revoked_at').update({ revoked_at: now })
}

/** The sessions of a user that are alive. */
function liveSessions(db: Knex, userId: number, now: number) {
  const generation = db('account_user_base').select('session_generation').where({ user_id: userId })
  return db('user_session')
    .where({ user_id: userId })
    .whereIn('generation', generation)
    .whereNull('revoked_at')
    .where('expires_at', '>', now)
}

/** A user's live sessions, the newest first. */
export async function listLiveSessions(
  db: Knex,
  userId: number,
  { now, most }: { readonly now: number; readonly most: number },
): Promise<SessionRow[]> {
  return liveSessions(db, userId, now)
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'token_id', order: 'asc' },
    ])
    .limit(most)
    .select('*')
}

/** Revokes a live session of this user; false if there is none of that id. */
export async function revokeOwnSession(
  db: Knex,
  userId: number,
  tokenId: string,
  now: number,
): Promise<boolean> {
  const changed = await liveSessions(db, userId, now).where({ token_id: tokenId }).update({ revoked_at: now })
  return changed > 0
}

/** Takes a live session along when its user's generation has just been raised by one; a dead one stays dead. */
export async function keepSession(db: Knex, userId: number, tokenId: string): Promise<void> {
  const before = db('account_user_base').select(db.raw('session_generation - 1')).where({ user_id: userId })
  await db('user_session')
    .where({ token_id: tokenId, user_id: userId })
    .whereIn('generation', before)
    .whereNull('revoked_at')
    .increment('generation', 1)
}

export async function raiseSessionGeneration(db: Knex, userId: number): Promise<void> {
  await db('account_user_base').where({ user_id: userId }).increment('session_generation', 1)
}

/** Whose session it is, if it is alive. */
export async function findSessionOwner(db: Knex, tokenId: string, now: number): Promise<number | undefined> {
  const row: { user_id: number } | undefined = await everyLiveSession(db, now)
    .where('session.token_id', tokenId)
    .first('session.user_id')
  return row?.user_id
}

export async function hasLiveSession(db: Knex, userId: number, now: number): Promise<boolean> {
  return (
    (await everyLiveSession(db, now).where('session.user_id', userId).first('session.user_id')) !== undefined
  )
}

export function everyLiveSession(db: Knex, now: number): Knex.QueryBuilder {
  return db('user_session as session')
    .join('account_user_base as base', (on) =>
      on.on('base.user_id', 'session.user_id').andOn('base.session_generation', 'session.generation'),
    )
    .whereNull('session.revoked_at')
    .where('session.expires_at', '>', now)
}
