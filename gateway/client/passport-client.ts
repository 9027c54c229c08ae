import { randomBytes } from 'node:crypto'
import { signHmac, signLegacy } from '../wire/signature.js'
import { type Envelope, PassportError, readData, requestIdOf, send } from './exchange.js'
import type {
  CallArguments,
  PassportAnswers,
  PassportCall,
  PassportCalls,
  PassportMethod,
  PassportResult,
} from './method-types.js'
import type { PassportBatchOptions, PassportCallOptions, PassportClientSettings } from './settings.js'

export { PassportError } from './exchange.js'
export type * from './method-types.js'
export type * from './settings.js'

export interface PassportClient {
  /**
   * Calls a method and returns its `data`. A parameter that is undefined is not sent; an empty one is.
   *
   * @throws PassportError for every answer but success
   */
  call<Name extends PassportMethod>(
    method: Name,
    ...args: CallArguments<Name, PassportCallOptions>
  ): Promise<PassportResult<Name>>
  /**
   * Makes up to 20 calls in one request, one after the other, and returns what each was answered, in their order. One
   * that is refused leaves the others alone. For applications of scheme hmac-sha256 that are granted `batch`.
   *
   * @throws PassportError where the batch as a whole was refused or not answered
   */
  batch<const Names extends readonly PassportMethod[]>(
    calls: PassportCalls<Names>,
    options?: PassportBatchOptions,
  ): Promise<PassportAnswers<Names>>
}

/** A client of the gateway's `/gateway?method=` that signs its calls (passport.md §3). Needs nothing of the server. */
export function createPassportClient(settings: PassportClientSettings): PassportClient {
  const endpoint = new URL(`${settings.baseUrl.replace(/\/+$/, '')}/gateway`).href
  const exchange = (method: string, params: object, options: PassportCallOptions) => {
    const form = new URLSearchParams(signedParameters(settings, method, params)).toString()
    return send(endpoint, form, settings, options)
  }
  return {
    async call<Name extends PassportMethod>(
      method: Name,
      params: object = {},
      options: PassportCallOptions = {},
    ) {
      const response = await exchange(method, params, options)
      // The contract is what the server checks its results against.
      return readData(response, settings) as PassportResult<Name>
    },
    async batch<const Names extends readonly PassportMethod[]>(
      calls: PassportCalls<Names>,
      options: PassportBatchOptions = {},
    ) {
      if (settings.scheme === 'legacy') throw new TypeError('a batch needs the scheme hmac-sha256')
      const listed: readonly PassportCall<PassportMethod>[] = calls
      const params = { calls: JSON.stringify(listed.map(listCall)) }
      const response = await exchange('batch', params, { ...options, verb: 'POST' })
      // A batch is answered the envelopes of its calls.
      const envelopes = readData(response, settings) as readonly Envelope[]
      const requestId = requestIdOf(response.headers)
      return envelopes.map((envelope, at) =>
        readEnvelope(envelope, `${requestId}.${at}`),
      ) as PassportAnswers<Names>
    },
  }
}

function listCall({ method, params = {}, idempotencyKey }: PassportCall<PassportMethod>): object {
  return { method, params: textsOf(params), idempotency_key: idempotencyKey }
}

function readEnvelope({ code, message = '', data }: Envelope, requestId: string): object {
  return code === 200 ? { ok: true, data } : { ok: false, error: new PassportError(code, message, requestId) }
}

/** Parameters as they are sent; those that are undefined are not. */
function textsOf(params: object): Record<string, string> {
  const texts: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(params as Readonly<Record<string, unknown>>)) {
    if (value === undefined || value === null) continue
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      throw new TypeError(`${name}: a text, a number or a boolean`)
    texts[name] = String(value)
  }
  return texts
}

function signedParameters(
  { app, secret, scheme, common }: PassportClientSettings,
  method: string,
  params: object,
): Record<string, string> {
  const signed = textsOf({ ...common, ...params })
  // The gateway overwrites private_key, and one that is sent would give the secret away.
  delete signed['private_key']
  Object.assign(signed, { method, client_type: app })
  if (scheme === 'legacy') return Object.assign(signed, { client_secret: signLegacy(signed, secret) })
  const timestamp = String(Math.floor(Date.now() / 1000))
  Object.assign(signed, { sign_method: scheme, timestamp, nonce: randomBytes(16).toString('hex') })
  return Object.assign(signed, { client_secret: signHmac(signed, secret) })
}
