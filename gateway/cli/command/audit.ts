import { type AuditEvent, audit } from '../../../methods/rules/audit.js'
import type { Services } from '../../services/services.js'
import { commandLine } from './command-line.js'

/** Writes what an operator did by a command into the audit, in the transaction that does it. */
export async function auditCommand(
  services: Pick<Services, 'db' | 'clock'>,
  action: `cli ${string}`,
  event: Pick<AuditEvent, 'targetId' | 'detail'>,
): Promise<void> {
  await audit(services, commandLine(action), event)
}
