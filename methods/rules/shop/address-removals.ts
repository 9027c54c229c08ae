import { deleteAddresses, listAddressOwners } from '../../../db/delivery-addresses.js'
import { transaction } from '../../../db/transaction.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Origin } from '../../../gateway/contract/method.js'
import type { Services } from '../../../gateway/services/services.js'
import { audit } from '../audit.js'

/** Ids of any length, so many that they fit the audit's column of 255 characters. */
const idsPerEntry = 13

/** An administrator removes all of these addresses or, with OPERATION_FAILED, none. The audit names all, by their owners. */
export async function removeForAdministrator(
  services: Pick<Services, 'db' | 'clock'>,
  addressIds: readonly number[],
  call: Origin,
): Promise<void> {
  const wanted = [...new Set(addressIds)]
  await transaction(services, async (services) => {
    const { db } = services
    const owned = await listAddressOwners(db, wanted)
    if ((await deleteAddresses(db, wanted)) !== wanted.length) throw new GatewayError('OPERATION_FAILED')
    const owners = [...new Set(owned.map(({ user_id }) => user_id))]
    const events = owners.flatMap((targetId) => {
      const ids = owned.filter(({ user_id }) => user_id === targetId).map(({ ud_id }) => ud_id)
      return inParts(ids).map((part) => ({ targetId, detail: `ud_id ${part.join(', ')}` }))
    })
    await audit(services, call, ...events)
  })
}

function inParts(ids: readonly number[]): number[][] {
  const count = Math.ceil(ids.length / idsPerEntry)
  return Array.from({ length: count }, (_, at) => ids.slice(at * idsPerEntry, (at + 1) * idsPerEntry))
}
