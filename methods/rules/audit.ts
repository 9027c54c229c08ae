import type { Knex } from 'knex'
import { type AuditEntryRow, insertAuditEntries } from '../../db/audit-entries.js'
import type { Services } from '../../gateway/services/services.js'

/** Something worth remembering that somebody did, or tried. */
export interface AuditEvent {
  /** A method's name, or a command's: `manage.account.user.edit`, `cli admin add`. */
  readonly action: string
  /** `ok`, or a short reason why not. */
  readonly outcome: string
  /** The user who acted. */
  readonly actorId?: number
  /** Who acted where it was no user (`cli`), or by what name he came. */
  readonly actor?: string
  /** The user it was done to. */
  readonly targetId?: number
  readonly ip: string
  /** What changed, in words. Never a password, code, token or number. */
  readonly detail?: string
}

/** Lengths of the columns; what is longer is cut. */
const mostCharacters = { action: 64, outcome: 40, actor: 64, ip: 45, detail: 255 } as const

/** Writes one row of the audit, in the caller's transaction: what is rolled back leaves no row. */
export async function recordAudit(
  db: Knex,
  services: Pick<Services, 'clock'>,
  event: AuditEvent,
): Promise<void> {
  await recordAudits(db, services, [event])
}

/** The same for what was done to several users at once. */
export async function recordAudits(
  db: Knex,
  { clock }: Pick<Services, 'clock'>,
  events: readonly AuditEvent[],
): Promise<void> {
  const now = clock.now()
  await insertAuditEntries(
    db,
    events.map((event) => ({ happened_at: now, ...toColumns(event) })),
  )
}

function toColumns({
  action,
  outcome,
  actorId = 0,
  actor = '',
  targetId = 0,
  ip,
  detail = '',
}: AuditEvent): Omit<AuditEntryRow, 'audit_id' | 'happened_at'> {
  return {
    action: cut(action, mostCharacters.action),
    outcome: cut(outcome, mostCharacters.outcome),
    actor_id: actorId,
    actor: cut(actor, mostCharacters.actor),
    target_id: targetId,
    ip: cut(ip, mostCharacters.ip),
    detail: cut(detail, mostCharacters.detail),
  }
}

/** Counts characters, as the columns do: half of an emoji is no text that a database stores. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : Array.from(text).slice(0, most).join('')
}
