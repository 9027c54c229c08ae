import type { Knex } from 'knex'
import { currentState } from './users.js'

/**
 * How far a sign-in to the console is: `factor` waits for the second factor, `ticket` for the right to set one up,
 * `enrol` for it to be set up, `full` is signed in.
 */
export type ConsoleStage = 'factor' | 'ticket' | 'enrol' | 'full'

export interface ConsoleSessionRow {
  /** Digest of what the cookie holds. */
  session_id: string
  user_id: number
  /** The user's session_generation it belongs to; an older one is dead. */
  generation: number
  stage: ConsoleStage
  /** The passkey challenge that is to be answered next; empty for none. */
  challenge: string
  created_at: number
  /** When its user last did something (ms). */
  seen_at: number
  /** When its user last proved to be there (ms). */
  proved_at: number
  expires_at: number
  ip: string
  agent: string
}

declare module 'knex/types/tables.js' {
  interface Tables {
    console_session: ConsoleSessionRow
  }
}

/** A session and its user's side of it, as of one moment. */
export interface OwnedConsoleSession extends ConsoleSessionRow {
  readonly user_account: string
  readonly user_nickname: string | null
  readonly user_role_name: string
}

/** A session whose user is an administrator, not locked, and had its sessions not ended since. */
export async function findConsoleSession(
  db: Knex,
  sessionId: string,
): Promise<OwnedConsoleSession | undefined> {
  return liveSessions(db)
    .where('session.session_id', sessionId)
    .first<OwnedConsoleSession | undefined>(
      'session.*',
      'base.user_account',
      'info.user_nickname',
      'role.user_role_name',
    )
}

function liveSessions(db: Knex): Knex.QueryBuilder {
  return db('console_session as session')
    .join('account_user_base as base', (on) =>
      on.on('base.user_id', 'session.user_id').andOn('base.session_generation', 'session.generation'),
    )
    .join('admin_user_admin as admin', 'admin.user_id', 'session.user_id')
    .join('admin_user_role as role', 'role.user_role_id', 'admin.user_role_id')
    .leftJoin('account_user_info as info', 'info.user_id', 'session.user_id')
    .whereRaw(`${currentState} <> 0`)
}

/** A user's sessions that are signed in and used since `seenAfter`, the newest first. */
export async function listConsoleSessions(
  db: Knex,
  userId: number,
  { now, seenAfter }: { readonly now: number; readonly seenAfter: number },
): Promise<ConsoleSessionRow[]> {
  return liveSessions(db)
    .where('session.user_id', userId)
    .where('session.stage', 'full')
    .where('session.expires_at', '>', now)
    .where('session.seen_at', '>', seenAfter)
    .orderBy('session.created_at', 'desc')
    .select<ConsoleSessionRow[]>('session.*')
}

export async function insertConsoleSession(db: Knex, row: ConsoleSessionRow): Promise<void> {
  await db('console_session').insert(row)
}

/** Changes a session that is there; false when it is gone. */
export async function updateConsoleSession(
  db: Knex,
  sessionId: string,
  changes: Partial<Pick<ConsoleSessionRow, 'seen_at' | 'proved_at' | 'challenge'>>,
): Promise<boolean> {
  return (await db('console_session').where({ session_id: sessionId }).update(changes)) > 0
}

/** Uses a challenge up; false when it is not this session's, or was used already: of parallel answers one has it. */
export async function takeConsoleChallenge(db: Knex, sessionId: string, challenge: string): Promise<boolean> {
  if (challenge === '') return false
  const taken = await db('console_session')
    .where({ session_id: sessionId, challenge })
    .update({ challenge: '' })
  return taken > 0
}

/** Ends a session; false when it was gone already. */
export async function deleteConsoleSession(db: Knex, sessionId: string): Promise<boolean> {
  return (await db('console_session').where({ session_id: sessionId }).delete()) > 0
}

/** Ends a session of this user; false when there is none of that id. */
export async function deleteOwnConsoleSession(db: Knex, userId: number, sessionId: string): Promise<boolean> {
  return (await db('console_session').where({ user_id: userId, session_id: sessionId }).delete()) > 0
}

/** Ends a user's sessions, but for one; returns how many there were. */
export async function deleteConsoleSessions(db: Knex, userId: number, except = ''): Promise<number> {
  return db('console_session').where({ user_id: userId }).whereNot({ session_id: except }).delete()
}
