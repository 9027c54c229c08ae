import type { Knex } from 'knex'
import type { ListDefinition } from './list-query.js'
import { insertSlices } from './statement-size.js'

/** Who did what to whom, and how it ended. Never a secret. */
export interface AuditEntryRow {
  audit_id: number
  /** Milliseconds. */
  happened_at: number
  /** A method's name, or a command's: `manage.account.user.edit`, `cli admin add`. */
  action: string
  /** `ok`, or why not. */
  outcome: string
  /** The user who acted; 0 for nobody known. */
  actor_id: number
  /** Who acted where it was no user (`cli`), or the name the user signed in by. */
  actor: string
  /** The user it was done to; 0 for none. */
  target_id: number
  ip: string
  detail: string
}

declare module 'knex/types/tables.js' {
  interface Tables {
    audit_entry: AuditEntryRow
  }
}

/** An entry that has no number yet. */
export type NewAuditEntry = Omit<AuditEntryRow, 'audit_id'>

export async function insertAuditEntries(db: Knex, rows: readonly NewAuditEntry[]): Promise<void> {
  await insertSlices(rows, (some) => db('audit_entry').insert(some))
}

export interface AuditQuery {
  /** Who acted or was acted on. */
  readonly userId?: number
  readonly action?: string
  /** Milliseconds. */
  readonly since?: number
  readonly most: number
}

/** The newest entries first. */
export async function listAuditEntries(
  db: Knex,
  { userId, action, since, most }: AuditQuery,
): Promise<AuditEntryRow[]> {
  const query = db('audit_entry')
  if (userId !== undefined) query.whereRaw('(target_id = ? or actor_id = ?)', [userId, userId])
  if (action !== undefined) query.where({ action })
  if (since !== undefined) query.where('happened_at', '>=', since)
  return query
    .orderBy([
      { column: 'happened_at', order: 'desc' },
      { column: 'audit_id', order: 'desc' },
    ])
    .limit(most)
}

/** What was done to a user, or by the user to the own account; the newest first. */
export async function listEntriesOf(db: Knex, targetId: number, most: number): Promise<AuditEntryRow[]> {
  return db('audit_entry')
    .where({ target_id: targetId })
    .orderBy([
      { column: 'happened_at', order: 'desc' },
      { column: 'audit_id', order: 'desc' },
    ])
    .limit(most)
}

/** Deletes what happened before a moment (ms) and returns how many entries went. */
export async function deleteAuditEntries(db: Knex, before: number): Promise<number> {
  return db('audit_entry').where('happened_at', '<', before).delete()
}

/** The audit as administrators list it. */
export const auditList: ListDefinition<AuditEntryRow> = {
  from: (db) => db('audit_entry'),
  columns: {
    audit_id: 'audit_id',
    happened_at: 'happened_at',
    action: 'action',
    outcome: 'outcome',
    actor_id: 'actor_id',
    actor: 'actor',
    target_id: 'target_id',
    ip: 'ip',
    detail: 'detail',
  },
  filters: {
    actor_id: 'actor_id',
    actor: 'actor',
    target_id: 'target_id',
    action: 'action',
    outcome: 'outcome',
    ip: 'ip',
  },
  sortable: ['happened_at'],
  searchable: ['action', 'actor', 'detail'],
  time: 'happened_at',
  order: [{ column: 'happened_at', descending: true }],
  key: 'audit_id',
}
