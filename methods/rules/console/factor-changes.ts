import { deleteConsoleSessions } from '../../../db/console-sessions.js'
import { saveRecoveryCodes } from '../../../db/second-factors.js'
import { type InTransaction, transaction } from '../../../db/transaction.js'
import { lockUser } from '../../../db/users.js'
import type { SignedInOrigin } from '../../../gateway/contract/method.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { audit } from '../audit.js'
import { findFactors, hasFactor } from './factors.js'
import { renewRecoveryCodes } from './recovery-codes.js'
import { demandsFactor } from './sign-ins.js'

/**
 * Adds a second factor. With the first one come recovery codes, and the user's other sessions, which were begun without
 * any, end. Throws what `add` throws.
 */
export function addFactor(
  services: Services,
  call: SignedInOrigin,
  add: (services: InTransaction<Services>) => Promise<void>,
): Promise<{ recovery_codes: string[] }> {
  const { userId, tokenId } = call.session
  return transaction(services, async (services) => {
    await lockUser(services.db, userId)
    const { recoveryCodes, ...before } = await findFactors(services, userId)
    await add(services)
    if (!hasFactor({ ...before, recoveryCodes })) await deleteConsoleSessions(services.db, userId, tokenId)
    await audit(services, call, { targetId: userId })
    return { recovery_codes: recoveryCodes > 0 ? [] : await renewRecoveryCodes(services, userId) }
  })
}

/**
 * Takes a second factor away, and with the last one the recovery codes. Throws OPERATION_FAILED where there was none of
 * these, LAST_WAY where nobody comes in without one.
 */
export async function removeFactor(
  services: Services,
  call: SignedInOrigin,
  remove: (services: InTransaction<Services>) => Promise<boolean>,
): Promise<void> {
  const { userId } = call.session
  await transaction(services, async (services) => {
    // Of two that are removed at once the second sees that it is the last.
    await lockUser(services.db, userId)
    if (!(await remove(services))) throw new GatewayError('OPERATION_FAILED')
    if (!hasFactor(await findFactors(services, userId))) {
      if (demandsFactor(services)) throw new GatewayError('LAST_WAY')
      await saveRecoveryCodes(services.db, userId, [])
    }
    await audit(services, call, { targetId: userId })
  })
}
