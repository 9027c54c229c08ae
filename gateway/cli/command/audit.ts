import type { Knex } from 'knex'
import { type AuditEvent, recordAudit } from '../../../methods/rules/audit.js'
import type { Clock } from '../../services/clock.js'

/** Writes what an operator did by a command into the audit, in the transaction that does it. */
export async function auditCommand(
  db: Knex,
  clock: Clock,
  command: Pick<AuditEvent, 'action' | 'targetId' | 'detail'>,
): Promise<void> {
  await recordAudit(db, { clock }, { ...command, outcome: 'ok', actor: 'cli', ip: '' })
}
