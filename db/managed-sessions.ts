import type { ListDefinition } from './list-definition.js'
import { everyLiveSession } from './sessions.js'

/** A session as administrators see it. */
export interface ManagedSessionRow {
  /** The token's id, of which no token can be made. */
  readonly session_id: string
  readonly user_id: number
  readonly user_account: string
  /** The application it was started by; empty for the account APIs. */
  readonly app_name: string
  readonly ip: string
  /** Milliseconds. */
  readonly start_time: number
  readonly end_time: number
}

/** The sessions that are alive at a moment (ms), those that last longest first. */
export function managedSessionList(now: number): ListDefinition<ManagedSessionRow> {
  return {
    from: (db) => everyLiveSession(db, now),
    columns: {
      session_id: 'session.token_id',
      user_id: 'session.user_id',
      user_account: 'base.user_account',
      app_name: 'session.app_name',
      ip: 'session.ip',
      start_time: 'session.created_at',
      end_time: 'session.expires_at',
    },
    filters: {
      session_id: 'session.token_id',
      user_id: 'session.user_id',
      user_account: 'base.user_account',
      app_name: 'session.app_name',
      ip: 'session.ip',
    },
    sortable: ['start_time', 'end_time'],
    searchable: [],
    time: 'session.created_at',
    order: [{ column: 'end_time', descending: true }],
    key: 'session_id',
  }
}
