import { hash } from 'node:crypto'
import {
  beginOrFind,
  endFailed,
  type IdempotentCall,
  servicesOf,
} from '../../methods/rules/idempotent-calls.js'
import { keepAnswer } from '../../methods/rules/idempotent-answers.js'
import { GatewayError } from '../outcome/errors.js'
import type { Ready } from '../outcome/ready.js'
import { limitKey } from '../services/limits/limit-key.js'
import type { Services } from '../services/services.js'
import type { Passage } from './passage.js'

/** A text of HTTP's structured fields (RFC 8941), or the same without quotes. */
const keyForm = /^(?:"([\w.:-]{8,64})"|([\w.:-]{8,64}))$/

/** How many keys strangers of one address may use: each leaves a row for a day. */
const keysOfStrangers = { name: 'Idempotency-Key', by: 'ip', points: 60, seconds: 60 } as const

/**
 * Does the work of a call with an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header) once in 24 hours, and
 * answers every call of the same caller with that key the same. Throws PARAM_ERROR for a key that is none and for a
 * method whose answer is no envelope, TOO_MANY_REQUESTS, what the work throws, and what `beginOrFind` does.
 */
export async function handleOnce(
  passage: Passage,
  services: Services,
  work: (services: Services) => Ready<unknown>,
): Promise<unknown> {
  const call = describeCall(passage, services)
  const begun = await beginOrFind(services, call)
  if ('error' in begun) throw new GatewayError(begun.error, begun)
  if (!('claim' in begun)) return begun.result === undefined ? undefined : JSON.parse(begun.result)
  let result: unknown
  try {
    result = await work(servicesOf(services, begun))
  } catch (thrown) {
    await writeOrLog(endFailed(services, begun, thrown), passage, services)
    throw thrown
  }
  const json = passage.method.contract.stringify(result)
  await writeOrLog(keepAnswer(services, begun, json === undefined ? {} : { result: json }), passage, services)
  return result
}

function describeCall(
  { method, params, app, session, incoming }: Passage,
  { limiter }: Pick<Services, 'limiter'>,
): IdempotentCall {
  const [, quoted, bare] = keyForm.exec(String(incoming.head.headers['idempotency-key'])) ?? []
  const key = quoted ?? bare
  if (key === undefined)
    throw new GatewayError('PARAM_ERROR', {
      detail: 'Idempotency-Key: 8 to 64 letters, digits, "_", ".", ":" or "-"',
    })
  if (method.answers !== 'result')
    throw new GatewayError('PARAM_ERROR', { detail: 'Idempotency-Key: not for this method' })
  // Whoever keeps no secret and is not signed in is told apart by the address, as where calls are counted.
  const isKnown = session !== undefined || app?.trust === 'server'
  const address = isKnown ? '' : limitKey(incoming.head.ip)
  const retryAfter = isKnown ? undefined : limiter.exceeded(keysOfStrangers, address)
  if (retryAfter !== undefined) throw new GatewayError('TOO_MANY_REQUESTS', { retryAfter })
  const caller = [app?.name ?? '', session?.userId ?? '', address]
  const file = incoming.file && hash('sha256', incoming.file, 'hex')
  return { caller: JSON.stringify(caller), key, content: JSON.stringify([method.name, params, file]) }
}

/** What was done is answered, whether or not it could be written down: the next call with the key finds it broken off. */
async function writeOrLog(
  writing: Promise<void>,
  { method, incoming }: Passage,
  { log }: Pick<Services, 'log'>,
): Promise<void> {
  try {
    await writing
  } catch (error) {
    const { requestId } = incoming.head
    log.warn({ requestId, method: method.name, error }, 'what a call was answered could not be kept')
  }
}
