import type { AuditPlace, AuditQuery } from '../../../../db/audit-entries.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defined } from '../../../../gateway/wire/defined-fields.js'

/** What an operator looks for in the audit; an empty text looks for nothing. */
export interface AuditSearch {
  /** Who acted or was acted on. */
  readonly user?: number
  /** Who acted: an id, or a name such as `cli`. */
  readonly actor?: string
  readonly target?: number
  /** With `*` at its end all that begin so. */
  readonly action?: string
  readonly outcome?: string
  readonly ip?: string
  readonly request_id?: string
  /** Milliseconds; both included. */
  readonly since?: number
  readonly until?: number
}

/** The database's form of a search, but for how many entries are wanted. */
export function readSearch(search: AuditSearch): Omit<AuditQuery, 'most'> {
  const { user, actor = '', target, since, until } = search
  const [action, outcome, ip, request_id] = (['action', 'outcome', 'ip', 'request_id'] as const).map(
    (name) => search[name] || undefined,
  )
  const isPrefix = action?.endsWith('*') ?? false
  const isId = /^\d{1,15}$/.test(actor)
  return defined({
    userId: user,
    since,
    until,
    actionPrefix: isPrefix ? action?.slice(0, -1) : undefined,
    equals: defined({
      action: isPrefix ? undefined : action,
      outcome,
      ip,
      request_id,
      target_id: target,
      actor_id: isId ? Number(actor) : undefined,
      actor: isId || actor === '' ? undefined : actor,
    }),
  })
}

/** Which user a search is about, as far as it names one. */
export function userOf({ user, actor = '', target }: AuditSearch): number {
  return user ?? target ?? (/^\d{1,9}$/.test(actor) ? Number(actor) : 0)
}

/** A place in the audit as callers keep it: `1764000000000-42`. */
export function writePlace({ happened_at, audit_id }: AuditPlace): string {
  return `${happened_at}-${audit_id}`
}

/** Throws PARAM_ERROR for what `writePlace` did not write. */
export function readPlace(text: string): AuditPlace {
  const [, happened, id] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? []
  if (happened === undefined) throw new GatewayError('PARAM_ERROR', { detail: 'before: as next told it' })
  return { happened_at: Number(happened), audit_id: Number(id) }
}
