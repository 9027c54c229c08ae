import { hash } from 'node:crypto'
import { updateConsoleSession } from '../../../db/console-sessions.js'
import { insertPasskey, listPasskeys } from '../../../db/second-factors.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import {
  describeCredential,
  hostOf,
  mostCharacters,
  type PasskeyPlace,
  type PasskeyServices,
  readResponse,
  refuse,
  takeExpectation,
  userVerification,
} from './passkey-answers.js'

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
