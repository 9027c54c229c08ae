import { hash } from 'node:crypto'
import type { PassportCallOptions, PassportClientSettings } from './settings.js'

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

/** An answer read to its end. */
interface Received {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
}

/** Sends a form to the gateway. Throws PassportError, code 0, where no answer comes. */
export async function send(
  endpoint: string,
  form: string,
  { timeoutMs = 10_000, headers: always, fetch: fetchAnswer = fetch }: PassportClientSettings,
  { verb = 'POST', session, idempotencyKey, headers, signal }: PassportCallOptions,
): Promise<Received> {
  const late = AbortSignal.timeout(timeoutMs)
  const authorization = session === undefined ? {} : { Authorization: `Bearer ${session}` }
  const once = idempotencyKey === undefined ? {} : { 'Idempotency-Key': `"${idempotencyKey}"` }
  const posted = { 'Content-Type': 'application/x-www-form-urlencoded' }
  try {
    const response = await fetchAnswer(verb === 'GET' ? `${endpoint}?${form}` : endpoint, {
      method: verb,
      headers: { ...always, ...authorization, ...once, ...headers, ...(verb === 'GET' ? {} : posted) },
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

/** What an answer holds as `data`. Throws PassportError for every answer but success. */
export function readData({ status, headers, body }: Received, { salt }: PassportClientSettings): unknown {
  const requestId = requestIdOf(headers)
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

/** What the gateway's log knows a call by. */
export function requestIdOf(headers: Headers): string {
  return headers.get('x-request-id') ?? ''
}

/** What the gateway answers, or one call of a batch. */
export interface Envelope {
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
