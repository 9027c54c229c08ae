import type { Knex } from 'knex'
import type { ListDefinition } from './list-definition.js'
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
  /** Of the call by which it came about; empty for what was no call. */
  request_id: string
}

declare module 'knex/types/tables.js' {
  interface Tables {
    audit_entry: AuditEntryRow
  }
}

/** An entry that has no number yet. */
export type NewAuditEntry = Omit<AuditEntryRow, 'audit_id' | 'request_id'> &
  Partial<Pick<AuditEntryRow, 'request_id'>>

export async function insertAuditEntries(db: Knex, rows: readonly NewAuditEntry[]): Promise<void> {
  await insertSlices(rows, (some) => db('audit_entry').insert(some))
}

/** Where a page of the audit ends. */
export type AuditPlace = Pick<AuditEntryRow, 'happened_at' | 'audit_id'>

type AuditColumn = 'actor_id' | 'actor' | 'target_id' | 'action' | 'outcome' | 'ip' | 'request_id'

export interface AuditQuery {
  /** What must be the same. */
  readonly equals?: Partial<Pick<AuditEntryRow, AuditColumn>>
  /** Who acted or was acted on. */
  readonly userId?: number
  /** Begins with this: `manage.account.`. */
  readonly actionPrefix?: string
  /** Milliseconds; both included. */
  readonly since?: number
  readonly until?: number
  /** Only what is older than the entry at this place. */
  readonly before?: AuditPlace
  readonly most: number
}

/** The newest entries first. */
export async function listAuditEntries(db: Knex, query: AuditQuery): Promise<AuditEntryRow[]> {
  const { userId, most } = query
  if (userId === undefined) return selectEntries(db, query)
  // Each by its own index: no index has the order of both.
  const done = await selectEntries(db, query, { actor_id: userId })
  const suffered = await selectEntries(db, query, { target_id: userId })
  const both = new Map([...done, ...suffered].map((entry) => [entry.audit_id, entry]))
  return [...both.values()].sort(byPlace).slice(0, most)
}

function selectEntries(
  db: Knex,
  { equals, actionPrefix, since, until, before, most }: AuditQuery,
  user: Partial<Pick<AuditEntryRow, 'actor_id' | 'target_id'>> = {},
): Promise<AuditEntryRow[]> {
  const query = db('audit_entry')
    .where({ ...equals })
    .where(user)
  if (actionPrefix !== undefined)
    query.where('action', '>=', actionPrefix).where('action', '<', `${actionPrefix}\uffff`)
  if (since !== undefined) query.where('happened_at', '>=', since)
  if (until !== undefined) query.where('happened_at', '<=', until)
  if (before)
    // The first condition is what an index is entered by.
    query
      .where('happened_at', '<=', before.happened_at)
      .whereRaw('(happened_at < ? or audit_id < ?)', [before.happened_at, before.audit_id])
  return query
    .orderBy([
      { column: 'happened_at', order: 'desc' },
      { column: 'audit_id', order: 'desc' },
    ])
    .limit(most)
    .then((rows) => rows)
}

function byPlace(one: AuditPlace, other: AuditPlace): number {
  return other.happened_at - one.happened_at || other.audit_id - one.audit_id
}

/** What was tried to do to a user, or by the user to the own account, and refused since a moment (ms); the newest first. */
export async function listRefusalsOf(
  db: Knex,
  targetId: number,
  { since, most }: { readonly since: number; readonly most: number },
): Promise<AuditEntryRow[]> {
  return db('audit_entry')
    .where({ target_id: targetId })
    .where('happened_at', '>', since)
    .whereNot({ outcome: 'ok' })
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

/** What the list of the shop's admin site shows of an entry. */
export type ListedAuditEntry = Omit<AuditEntryRow, 'request_id'>

/** The audit as administrators list it. */
export const auditList: ListDefinition<ListedAuditEntry> = {
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
