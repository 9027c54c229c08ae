import { isAdmin } from '../../../db/admins.js'
import type { ConsoleStage } from '../../../db/console-sessions.js'
import { type InTransaction, transaction } from '../../../db/transaction.js'
import type { Origin } from '../../../gateway/contract/method.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { authenticate, type Claim } from '../accounts/authentication.js'
import { renewHash } from '../accounts/passwords.js'
import { refuseLocked } from '../accounts/sign-ins.js'
import { audit } from '../audit.js'
import { findFactors, hasFactor } from './factors.js'
import { type ConsolePlace, startConsoleSession } from './sessions.js'

/**
 * The first half of signing in to the console: name and password, by the rules of every sign-in. Returns the secret of
 * a session, which is full only where no second factor is set up and none is demanded. Throws what `authenticate`
 * does, USER_LOCKED, and PERMISSION_DENIED for who is no administrator, both of which are in the audit.
 */
export async function signInByPassword(
  services: Services,
  claim: Claim,
  { call, place }: { readonly call: Origin; readonly place: ConsolePlace },
): Promise<string> {
  const user = await authenticate(services, claim, call)
  const { user_id: userId, session_generation: generation } = user
  const refuse = async (error: GatewayError): Promise<never> => {
    if (services.auditBudget.takes(call.ip))
      await audit(services, call, { outcome: error.key, targetId: userId })
    throw error
  }
  try {
    refuseLocked(user)
  } catch (error) {
    if (error instanceof GatewayError) await refuse(error)
    throw error
  }
  if (!(await isAdmin(services.db, userId))) await refuse(new GatewayError('PERMISSION_DENIED'))
  const secret = await transaction(services, async (services) => {
    const stage = await stageAfterPassword(services, userId)
    await audit(services, call, { actorId: userId, targetId: userId, detail: `then ${stage}` })
    return startConsoleSession(services, { userId, generation, stage, ...place })
  })
  await renewHash(services, user, claim.password)
  return secret
}

/** Whether a console without a second factor is refused: where it is not somebody's own machine. */
export function demandsFactor({ config }: Pick<Services, 'config'>): boolean {
  return config.environment === 'production'
}

async function stageAfterPassword(services: InTransaction<Services>, userId: number): Promise<ConsoleStage> {
  if (hasFactor(await findFactors(services, userId))) return 'factor'
  return demandsFactor(services) ? 'ticket' : 'full'
}
