import { insertAuditEntries, type NewAuditEntry } from '../../db/audit-entries.js'
import type { Origin } from '../../gateway/contract/method.js'
import type { Services } from '../../gateway/services/services.js'

/** Something worth remembering that somebody did, or tried. */
export interface AuditEvent {
  /** `ok` if absent, or a short reason why not. */
  readonly outcome?: string
  /** The user who acted; absent: who is signed in, if anybody. */
  readonly actorId?: number
  /** Who acted where it was no user (`cli`), or the name that a user came by. */
  readonly actor?: string
  /** The user it was done to. */
  readonly targetId?: number
  /** What changed, in words. Never a password, code, token or number. */
  readonly detail?: string
}

/** What the audit notes of a call or a command. */
type AuditedCall = Pick<Origin, 'action' | 'session' | 'ip' | 'requestId'> & Pick<AuditEvent, 'actor'>

/** Lengths of the columns; what is longer is cut. */
const mostCharacters = { action: 64, outcome: 40, actor: 64, ip: 45, detail: 255, requestId: 64 } as const

/**
 * Writes what a call did into the audit, a row for each event, in the caller's transaction: what is rolled back leaves
 * no row.
 */
export async function audit(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  call: AuditedCall,
  ...events: readonly AuditEvent[]
): Promise<void> {
  await insertAuditEntries(
    db,
    events.map((event) => auditEntry({ clock }, call, event)),
  )
}

/** What `audit` writes of one event that happens now. */
export function auditEntry(
  { clock }: Pick<Services, 'clock'>,
  { action, session, ip, requestId = '', actor: caller = '' }: AuditedCall,
  { outcome = 'ok', actorId = session?.userId ?? 0, actor = caller, targetId = 0, detail = '' }: AuditEvent,
): NewAuditEntry {
  return {
    happened_at: clock.now(),
    action: cut(action, mostCharacters.action),
    outcome: cut(outcome, mostCharacters.outcome),
    actor_id: actorId,
    actor: cut(actor, mostCharacters.actor),
    target_id: targetId,
    ip: cut(ip, mostCharacters.ip),
    detail: cut(detail, mostCharacters.detail),
    request_id: cut(requestId, mostCharacters.requestId),
  }
}

/** Counts characters, as the columns do: half of an emoji is no text that a database stores. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : Array.from(text).slice(0, most).join('')
}
