import { isAdmin } from '../../../db/admins.js'
import type { ConsoleStage } from '../../../db/console-sessions.js'
import { type InTransaction, transaction } from '../../../db/transaction.js'
import type { Origin } from '../../../gateway/contract/method.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { authenticate, type Claim } from '../accounts/authentication.js'
import { renewHash } from '../accounts/passwords/passwords.js'
import { refuseLocked } from '../accounts/sign-ins.js'
import { audit } from '../audit.js'
import { findFactors, hasFactor } from './factors.js'
import { type FactorProof, proveFactor, type Proving } from './proofs.js'
import { advanceConsoleSession, type ConsolePlace, startConsoleSession } from './sessions.js'
import { useTicket } from './tickets.js'

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

/**
 * The second half: a second factor. Returns the secret of the full session. Throws LOGIN_REQUIRED where the first half
 * is not done, and what `proveFactor` does.
 */
export async function signInByFactor(
  services: Services,
  proving: Proving,
  proof: FactorProof,
): Promise<string> {
  const { session, call } = proving
  if (session.stage !== 'factor') throw new GatewayError('LOGIN_REQUIRED')
  const kind = await proveFactor(services, proving, proof)
  return advance(services, { session, call, detail: kind, stage: 'full' })
}

/**
 * In place of a second factor, where there is none yet: a ticket, which lets its holder set one up and nothing else.
 * Returns the secret of that session. Throws LOGIN_REQUIRED, CODE_IS_INVALID, which is in the audit.
 */
export async function enterTicket(
  services: Services,
  { session, call }: Omit<Proving, 'origin'>,
  ticket: string,
): Promise<string> {
  if (session.stage !== 'ticket') throw new GatewayError('LOGIN_REQUIRED')
  try {
    await useTicket(services, session.user_id, ticket)
  } catch (error) {
    if (error instanceof GatewayError)
      await audit(services, call, { outcome: error.key, actorId: session.user_id, targetId: session.user_id })
    throw error
  }
  return advance(services, { session, call, detail: 'ticket', stage: 'enrol' })
}

/** Signs in who has set up a second factor just now. Throws LOGIN_REQUIRED where there is none. */
export async function finishEnrolment(
  services: Services,
  { session, call }: Omit<Proving, 'origin'>,
): Promise<string> {
  const isDone = session.stage === 'enrol' && hasFactor(await findFactors(services, session.user_id))
  if (!isDone) throw new GatewayError('LOGIN_REQUIRED')
  return advance(services, { session, call, detail: 'new second factor', stage: 'full' })
}

function advance(
  services: Services,
  { session, call, detail, stage }: Omit<Proving, 'origin'> & { detail: string; stage: ConsoleStage },
): Promise<string> {
  const { user_id: userId } = session
  return transaction(services, async (services) => {
    await audit(services, call, { actorId: userId, targetId: userId, detail })
    return advanceConsoleSession(services, session, stage)
  })
}

/** Whether a console without a second factor is refused: where it is not somebody's own machine. */
export function demandsFactor({ config }: Pick<Services, 'config'>): boolean {
  return config.environment === 'production'
}

async function stageAfterPassword(services: InTransaction<Services>, userId: number): Promise<ConsoleStage> {
  if (hasFactor(await findFactors(services, userId))) return 'factor'
  return demandsFactor(services) ? 'ticket' : 'full'
}
