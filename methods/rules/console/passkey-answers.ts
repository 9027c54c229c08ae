import { takeConsoleChallenge } from '../../../db/console-sessions.js'
import type { PasskeyRow } from '../../../db/second-factors.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'

/** The session that a challenge is made for and answered in, and the origin of its page, which passkeys are bound to. */
export interface PasskeyPlace {
  readonly userId: number
  readonly sessionId: string
  readonly origin: string
}

/** What passkeys need. */
export type PasskeyServices = Pick<Services, 'db' | 'clock'>

/** A passkey stands beside a password, so that touching it is enough where it can ask for no more. */
export const userVerification = 'preferred'
/** The longest id of a passkey, and the longest answer. */
export const mostCharacters = { credential: 1400, response: 20_000 } as const

/** What an answer is held against; the challenge that it names is used up first, whatever else is in it. */
export async function takeExpectation(
  { db }: PasskeyServices,
  { sessionId, origin }: PasskeyPlace,
  { response: { clientDataJSON } }: { readonly response: { readonly clientDataJSON: string } },
) {
  const challenge = challengeOf(clientDataJSON)
  if (!(await takeConsoleChallenge(db, sessionId, challenge))) throw new GatewayError('VALID_ERROR')
  return {
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: hostOf(origin),
    requireUserVerification: false,
  }
}

function challengeOf(clientDataJson: string): string {
  const { challenge } = parse<{ challenge?: unknown }>(
    Buffer.from(clientDataJson, 'base64url').toString('utf8'),
  )
  return typeof challenge === 'string' ? challenge : ''
}

/** What a browser says, as far as its form is read here; the library looks at the rest. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- each of the library's functions has its own
export function readResponse<Response extends { readonly response: { readonly clientDataJSON: string } }>(
  text: string,
): Response {
  if (text.length > mostCharacters.response) throw new GatewayError('VALID_ERROR')
  const answer = parse<Partial<Response>>(text)
  if (typeof answer.response?.clientDataJSON !== 'string') throw new GatewayError('VALID_ERROR')
  return answer as Response
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what JSON holds only its reader can say
function parse<Value extends object>(text: string): Value {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Value
  } catch {
    // Refused below, as all that is no answer.
  }
  throw new GatewayError('VALID_ERROR')
}

/** The library throws for every answer that is wrong, with a text for developers. */
export function refuse(cause: unknown): never {
  throw new GatewayError('VALID_ERROR', { detail: cause instanceof Error ? cause.message : 'passkey' })
}

/** A passkey as the library names it. */
export function describeCredential({ credential_id: id, transports }: PasskeyRow) {
  return { id, transports: transports.split(',').filter((name) => name !== '') }
}

/** What passkeys are bound to. */
export function hostOf(origin: string): string {
  return new URL(origin).hostname
}
