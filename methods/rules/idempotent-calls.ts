import { hash, randomBytes } from 'node:crypto'
import {
  type Attempt,
  deleteAttempt,
  deleteIdleAttempt,
  endAttempt,
  findIdempotentCall,
  type IdempotentCallRow,
  insertIdempotentCall,
  markCommitted,
  replaceAttempt,
} from '../../db/idempotent-calls.js'
import { transaction } from '../../db/transaction.js'
import { GatewayError } from '../../gateway/outcome/errors.js'
import { isWithinReach } from '../../gateway/services/clock.js'
import type { Services } from '../../gateway/services/services.js'
import {
  describeRefusal,
  keepAnswer,
  type KeptAnswer,
  type Needed,
  openAnswer,
} from './idempotent-answers.js'

/** How long an answer is kept (ms). */
const lifetime = 86_400_000
/** An attempt that has left no answer for so long counts as broken off (ms), and commits nothing any more. */
const mostWork = 60_000

/** A call that is to be done once. */
export interface IdempotentCall {
  /** Whom the key belongs to: the same key of another caller is another key. */
  readonly caller: string
  readonly key: string
  /** Method and parameters, as text. */
  readonly content: string
}

/**
 * Begins a call, for one caller in all on all nodes, or finds what it was answered. Throws IDEMPOTENCY_KEY_BUSY while
 * another call with the key is under way, IDEMPOTENCY_KEY_REUSED where the key was another call's, and
 * IDEMPOTENCY_KEY_BROKEN where the work was begun and nobody knows how it ended.
 */
export async function beginOrFind(services: Needed, call: IdempotentCall): Promise<Attempt | KeptAnswer> {
  const { vault, clock } = services
  const now = clock.now()
  const row: IdempotentCallRow = {
    call_id: hash('sha256', JSON.stringify([call.caller, call.key]), 'hex'),
    claim: randomBytes(16).toString('hex'),
    fingerprint: vault.digest('idempotent-call', call.content),
    committed: 0,
    answer: null,
    claimed_until: now + mostWork,
    expires_at: now + lifetime,
  }
  return transaction(services, async ({ db }) => {
    if (await insertIdempotentCall(db, row)) return row
    const known = await findIdempotentCall(db, row.call_id)
    if (!known) throw busy()
    const isOver = known.expires_at <= now || !isWithinReach(known.expires_at, now, lifetime)
    if (!isOver) {
      if (!vault.digestMatches('idempotent-call', call.content, known.fingerprint))
        throw new GatewayError('IDEMPOTENCY_KEY_REUSED')
      if (known.answer !== null) return openAnswer(services, known.answer)
      if (known.claimed_until > now) throw busy()
      if (known.committed > 0) throw new GatewayError('IDEMPOTENCY_KEY_BROKEN')
    }
    if (await replaceAttempt(db, known, row)) return row
    throw busy()
  })
}

/** The services of an attempt: what its transactions commit says so, and nothing is committed once it was replaced. */
export function servicesOf(services: Services, attempt: Attempt): Services {
  return {
    ...services,
    beforeCommit: async ({ db }) => {
      if (!(await markCommitted(db, attempt))) throw busy()
    },
  }
}

/**
 * Ends an attempt that failed. Where it has changed nothing, or says itself that a retry helps, the key is free again.
 * Else a refusal on purpose is kept, and what else went wrong leaves a call that was broken off.
 */
export async function endFailed(services: Needed, attempt: Attempt, thrown: unknown): Promise<void> {
  const { db, clock } = services
  const refusal = thrown instanceof GatewayError && thrown.httpStatus('account') < 500 ? thrown : undefined
  if (refusal?.entry.retry) await deleteAttempt(db, attempt)
  else if (await deleteIdleAttempt(db, attempt)) return
  else if (refusal) await keepAnswer(services, attempt, describeRefusal(refusal))
  else await endAttempt(db, attempt, clock.now())
}

function busy(): GatewayError {
  return new GatewayError('IDEMPOTENCY_KEY_BUSY', { retryAfter: 1 })
}
