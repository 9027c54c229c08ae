import { hash, randomBytes } from 'node:crypto'
import type { Contracts } from '../../schemas/contracts.js'
import { signHmac, signLegacy } from '../wire/signature.js'

/** The wire name of a method. */
export type PassportMethod = keyof Contracts

/** What a method takes, besides the parameters every call may have. */
export type PassportParams<Name extends PassportMethod> = Contracts[Name]['params']

/** What a method answers as `data`. */
export type PassportResult<Name extends PassportMethod> = Contracts[Name]['result']

export interface PassportClientSettings {
  /** The gateway's address without `/gateway`. */
  readonly baseUrl: string
  /** The name the application is registered under, sent as `client_type`. */
  readonly app: string
  readonly secret: string
  /** The scheme the application is registered with. */
  readonly scheme: 'legacy' | 'hmac-sha256'
  /** For the whole call, in milliseconds; 10000 if absent. */
  readonly timeoutMs?: number
  /** The gateway's PASSPORT_SALT: answers whose checksum is missing or wrong are refused. */
  readonly salt?: string
  /** Parameters of every call, such as `app_version`. */
  readonly common?: Readonly<Record<string, string>>
  /** Headers of every call. */
  readonly headers?: Readonly<Record<string, string>>
  /** Used in place of the global one. */
  readonly fetch?: typeof fetch
}

export interface PassportCallOptions {
  /** POST if absent: it keeps the parameters out of the access logs of proxies. */
  readonly verb?: 'GET' | 'POST'
  /** The token of a user's session, for methods that need one. */
  readonly session?: string
  /** Headers of this call, such as `X-Real-IP` with the visitor's address. */
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** Parameters may be left out where a method needs none. */
type CallArguments<Params> =
  Partial<Params> extends Params
    ? [params?: Params, options?: PassportCallOptions]
    : [params: Params, options?: PassportCallOptions]

export interface PassportClient {
  /**
   * Calls a method and returns its `data`. A parameter that is undefined is not sent; an empty one is.
   *
   * @throws PassportError for every answer but success
   */
  call<Name extends PassportMethod>(
    method: Name,
    ...args: CallArguments<PassportParams<Name>>
  ): Promise<PassportResult<Name>>
}

/**
 * The gateway refused the call (its code and message), or gave no answer that can be used (code 0: it could not be
 * reached, took too long, answered something else, or the checksum was wrong).
 */
export class PassportError extends Error {
  override readonly name = 'PassportError'
  readonly code: number
  /** What the gateway's log knows the call by; empty when there was no answer. */
  readonly requestId: string

  constructor(code: number, message: string, requestId: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
    this.requestId = requestId
  }
}

/** A client of the gateway's `/gateway?method=` that signs its calls (passport.md §3). Needs nothing of the server. */
export function createPassportClient(settings: PassportClientSettings): PassportClient {
  const endpoint = new URL(`${settings.baseUrl.replace(/\/+$/, '')}/gateway`).href
  return {
    async call<Name extends PassportMethod>(
      method: Name,
      params: object = {},
      options: PassportCallOptions = {},
    ) {
      const form = new URLSearchParams(signedParameters(settings, method, params)).toString()
      const response = await send(endpoint, form, settings, options)
      // The contract is what the server checks its results against.
      return readData(response, settings) as PassportResult<Name>
    },
  }
}

function signedParameters(
  { app, secret, scheme, common }: PassportClientSettings,
  method: string,
  params: object,
): Record<string, string> {
  const signed: Record<string, string> = Object.create(null)
  const given: Readonly<Record<string, unknown>> = { ...common, ...params }
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      throw new TypeError(`${name}: a text, a number or a boolean`)
    signed[name] = String(value)
  }
  // The gateway overwrites private_key, and one that is sent would give the secret away.
  delete signed['private_key']
  Object.assign(signed, { method, client_type: app })
  if (scheme === 'legacy') return Object.assign(signed, { client_secret: signLegacy(signed, secret) })
  const timestamp = String(Math.floor(Date.now() / 1000))
  Object.assign(signed, { sign_method: scheme, timestamp, nonce: randomBytes(16).toString('hex') })
  return Object.assign(signed, { client_secret: signHmac(signed, secret) })
}

/** An answer read to its end. */
interface Received {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
}

async function send(
  endpoint: string,
  form: string,
  { timeoutMs = 10_000, headers: always, fetch: fetchAnswer = fetch }: PassportClientSettings,
  { verb = 'POST', session, headers, signal }: PassportCallOptions,
): Promise<Received> {
  const late = AbortSignal.timeout(timeoutMs)
  const authorization = session === undefined ? {} : { Authorization: `Bearer ${session}` }
  const posted = { 'Content-Type': 'application/x-www-form-urlencoded' }
  try {
    const response = await fetchAnswer(verb === 'GET' ? `${endpoint}?${form}` : endpoint, {
      method: verb,
      headers: { ...always, ...authorization, ...headers, ...(verb === 'GET' ? {} : posted) },
      body: verb === 'GET' ? null : form,
      redirect: 'manual',
      signal: signal === undefined ? late : AbortSignal.any([signal, late]),
    })
    return {
      status: response.status,
      headers: response.headers,
      body: Buffer.from(await response.arrayBuffer()),
    }
  } catch (error) {
    const reason = late.aborted ? `not within ${timeoutMs} ms` : reasonOf(error)
    throw new PassportError(0, `the gateway did not answer: ${reason}`, '', error)
  }
}

/** Fetch says only that it failed, and keeps the reason as the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error ? cause.message || cause.name : error.message
}

function readData({ status, headers, body }: Received, { salt }: PassportClientSettings): unknown {
  const requestId = headers.get('x-request-id') ?? ''
  const answer = parseEnvelope(body.toString('utf8'))
  if (answer === undefined)
    throw new PassportError(0, `HTTP ${status}, but no answer of the gateway`, requestId)
  if (salt !== undefined) {
    const given = headers.get('x-yh-response-checksum')
    if (given === null) throw new PassportError(0, 'the answer has no checksum', requestId)
    if (given.toLowerCase() !== hash('md5', `${salt}:${hash('md5', body, 'hex')}`, 'hex'))
      throw new PassportError(0, 'the checksum of the answer is wrong', requestId)
  }
  if (answer.code !== 200) throw new PassportError(answer.code, answer.message ?? '', requestId)
  return answer.data
}

interface Envelope {
  readonly code: number
  readonly message?: string
  readonly data?: unknown
}

function parseEnvelope(text: string): Envelope | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isEnvelope = typeof value === 'object' && value !== null && 'code' in value
    return isEnvelope && Number.isInteger(value.code) ? (value as Envelope) : undefined
  } catch {
    return undefined
  }
}
