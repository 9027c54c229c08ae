import { type Attempt, deleteIdleAttempt, saveAnswer } from '../../db/idempotent-calls.js'
import { GatewayError } from '../../gateway/outcome/errors.js'
import type { ErrorName } from '../../gateway/outcome/catalogue.js'
import type { Services } from '../../gateway/services/services.js'
import { defined } from '../../gateway/wire/defined-fields.js'

/** The longest answer (characters) that is kept of a call that has committed nothing: it can be made again. */
const mostOfIdle = 16_384

/** What a call was answered: JSON of its result, absent where it has none, or the error it was refused with. */
export type KeptAnswer =
  | { readonly result?: string }
  | {
      readonly error: ErrorName
      readonly detail?: string
      readonly reason?: string
      readonly retryAfter?: number
    }

/** What keeping an answer needs. */
export type Needed = Pick<Services, 'db' | 'clock' | 'vault'>

/** Keeps what a call was answered, sealed: an answer may hold a token. A long one that changed nothing is not kept. */
export async function keepAnswer(services: Needed, attempt: Attempt, answer: KeptAnswer): Promise<void> {
  const { db, vault } = services
  const text = JSON.stringify(answer)
  if (text.length > mostOfIdle && (await deleteIdleAttempt(db, attempt))) return
  await saveAnswer(db, attempt, vault.seal('idempotent-answer', text))
}

/** An error as it is kept. */
export function describeRefusal({ key, detail, reason, retryAfter }: GatewayError): KeptAnswer {
  return { error: key, ...defined({ detail, reason, retryAfter }) }
}

/** Throws IDEMPOTENCY_KEY_BROKEN for an answer that can't be read any more. */
export function openAnswer({ vault }: Needed, sealed: string): KeptAnswer {
  const text = vault.open('idempotent-answer', sealed)
  // Sealed under a key that is gone.
  if (text === undefined) throw new GatewayError('IDEMPOTENCY_KEY_BROKEN')
  return JSON.parse(text)
}
