import { deleteAddresses, listAddressOwners } from '../../db/delivery-addresses.js'
import { transaction } from '../../db/transaction.js'
import { GatewayError } from '../../gateway/errors.js'
import type { Services } from '../../gateway/method.js'
import { type AuditEvent, recordAudit } from './audit.js'

/** An administrator removes all of these addresses or, with OPERATION_FAILED, none. It is in the audit. */
export async function removeForAdministrator(
  services: Pick<Services, 'db' | 'clock'>,
  addressIds: readonly number[],
  audit: Pick<AuditEvent, 'action' | 'actorId' | 'ip'>,
): Promise<void> {
  const wanted = [...new Set(addressIds)]
  await transaction(services.db, async (db) => {
    const [owner = 0, ...others] = await listAddressOwners(db, wanted)
    if ((await deleteAddresses(db, wanted)) !== wanted.length) throw new GatewayError('OPERATION_FAILED')
    await recordAudit(db, services, {
      ...audit,
      outcome: 'ok',
      // Of several users none is named; the ids tell.
      targetId: others.length === 0 ? owner : 0,
      detail: `ud_id ${wanted.join(', ')}`,
    })
  })
}
