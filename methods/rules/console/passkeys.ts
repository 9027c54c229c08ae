import { hash } from 'node:crypto'
import { takeConsoleChallenge, updateConsoleSession } from '../../../db/console-sessions.js'
import { insertPasskey, listPasskeys, type PasskeyRow, savePasskeyUse } from '../../../db/second-factors.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'

/** The session that a challenge is made for and answered in, and the origin of its page, which passkeys are bound to. */
export interface PasskeyPlace {
  readonly userId: number
  readonly sessionId: string
  readonly origin: string
}

type PasskeyServices = Pick<Services, 'db' | 'clock'>

/** A passkey stands beside a password, so that touching it is enough where it can ask for no more. */
const userVerification = 'preferred'
const mostCharacters = { credential: 1400, response: 20_000 } as const

/** Options for `navigator.credentials.create`, as JSON, with the challenge that this session's next answer must hold. */
export async function describeNewPasskey(
  services: PasskeyServices,
  { userId, sessionId, origin }: PasskeyPlace,
  account: string,
): Promise<string> {
  const { generateRegistrationOptions } = await import('@simplewebauthn/server')
  const known = await listPasskeys(services.db, userId)
  const options = await generateRegistrationOptions({
    rpName: 'passport-gateway',
    rpID: hostOf(origin),
    userID: new TextEncoder().encode(`console:${userId}`),
    userName: account,
    attestationType: 'none',
    excludeCredentials: known.map(describeCredential),
    authenticatorSelection: { residentKey: 'discouraged', userVerification },
  })
  await updateConsoleSession(services.db, sessionId, { challenge: options.challenge })
  return JSON.stringify(options)
}

/** Adds the passkey that a browser has made. Throws VALID_ERROR for an answer that is not to this session's challenge. */
export async function addPasskey(
  services: PasskeyServices,
  place: PasskeyPlace,
  { response, label }: { readonly response: string; readonly label: string },
): Promise<void> {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  const answer = readResponse<Parameters<typeof verifyRegistrationResponse>[0]['response']>(response)
  const expected = await takeExpectation(services, place, answer)
  const { registrationInfo } = await verifyRegistrationResponse({ ...expected, response: answer }).catch(
    refuse,
  )
  if (!registrationInfo) throw new GatewayError('VALID_ERROR')
  const { id, publicKey, counter, transports = [] } = registrationInfo.credential
  if (id.length > mostCharacters.credential) throw new GatewayError('VALID_ERROR')
  const isNew = await insertPasskey(services.db, {
    passkey_id: hash('sha256', id),
    user_id: place.userId,
    credential_id: id,
    public_key: Buffer.from(publicKey).toString('base64url'),
    counter,
    transports: transports.join(',').slice(0, 100),
    label,
    created_at: services.clock.now(),
    used_at: 0,
  })
  if (!isNew) throw new GatewayError('VALID_ERROR')
}

/** Options for `navigator.credentials.get`, as JSON, likewise. */
export async function describePasskeyProof(
  services: PasskeyServices,
  { userId, sessionId, origin }: PasskeyPlace,
): Promise<string> {
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server')
  const known = await listPasskeys(services.db, userId)
  const options = await generateAuthenticationOptions({
    rpID: hostOf(origin),
    allowCredentials: known.map(describeCredential),
    userVerification,
  })
  await updateConsoleSession(services.db, sessionId, { challenge: options.challenge })
  return JSON.stringify(options)
}

/** Whether one of the user's passkeys has answered the session's challenge, which is used up by it, on any node. */
export async function acceptPasskey(
  services: PasskeyServices,
  place: PasskeyPlace,
  response: string,
): Promise<boolean> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  try {
    const answer = readResponse<Parameters<typeof verifyAuthenticationResponse>[0]['response']>(response)
    const known = await listPasskeys(services.db, place.userId)
    const passkey = known.find(({ credential_id }) => credential_id === answer.id)
    if (!passkey) return false
    const expected = await takeExpectation(services, place, answer)
    const credential = {
      ...describeCredential(passkey),
      publicKey: new Uint8Array(Buffer.from(passkey.public_key, 'base64url')),
      counter: passkey.counter,
    }
    const proof = { ...expected, response: answer, credential }
    const { verified, authenticationInfo } = await verifyAuthenticationResponse(proof).catch(refuse)
    if (!verified) return false
    const use = { counter: authenticationInfo.newCounter, used_at: services.clock.now() }
    await savePasskeyUse(services.db, passkey.passkey_id, use)
    return true
  } catch (error) {
    if (error instanceof GatewayError && error.key === 'VALID_ERROR') return false
    throw error
  }
}

/** What an answer is held against; the challenge that it names is used up first, whatever else is in it. */
async function takeExpectation(
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
function readResponse<Response extends { readonly response: { readonly clientDataJSON: string } }>(
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
function refuse(cause: unknown): never {
  throw new GatewayError('VALID_ERROR', { detail: cause instanceof Error ? cause.message : 'passkey' })
}

function describeCredential({ credential_id: id, transports }: PasskeyRow) {
  return { id, transports: transports.split(',').filter((name) => name !== '') }
}

function hostOf(origin: string): string {
  return new URL(origin).hostname
}
