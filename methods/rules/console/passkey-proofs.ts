import { updateConsoleSession } from '../../../db/console-sessions.js'
import { listPasskeys, savePasskeyUse } from '../../../db/second-factors.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import {
  describeCredential,
  hostOf,
  type PasskeyPlace,
  type PasskeyServices,
  readResponse,
  refuse,
  takeExpectation,
  userVerification,
} from './passkey-answers.js'

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
