import { mask } from '../../../../config/mask.js'
import { hmacSignedText, legacySignedText, signHmac, signLegacy } from '../../../wire/signature.js'

export type Scheme = 'legacy' | 'hmac-sha256'

/** Who calls. The secret and the token stay in the memory of the page. */
export interface Caller {
  readonly app: string
  readonly scheme: Scheme
  readonly secret: string
  readonly token: string
}

/** A call as it is sent. */
export interface Call {
  readonly method: string
  readonly verb: 'GET' | 'POST'
  readonly params: Readonly<Record<string, string>>
  readonly token: string
}

export interface SignedCall extends Call {
  /** What was signed, the secret masked; undefined where nothing is. */
  readonly signedText: string | undefined
}

/** Signs a call as `caller`, for this moment; unsigned without a secret. */
export function signCall(call: Omit<Call, 'token'>, caller: Caller, now: number): SignedCall {
  const { app, scheme, secret, token } = caller
  if (secret === '') return { ...call, token, signedText: undefined }
  const named = { ...call.params, method: call.method }
  if (scheme === 'legacy') {
    const params = { ...named, client_type: app }
    const signed = { ...params, client_secret: signLegacy(params, secret) }
    return { ...call, token, params: signed, signedText: legacySignedText(params, mask) }
  }
  const timestamp = String(Math.floor(now / 1000))
  const params = { ...named, app_key: app, sign_method: 'hmac-sha256', timestamp, nonce: makeNonce() }
  const signed = { ...params, client_secret: signHmac(params, secret) }
  return { ...call, token, params: signed, signedText: hmacSignedText(params) }
}

function makeNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}

/** The query or form of a call, `method` first. */
export function encodeCall({ method, params }: Call): string {
  return new URLSearchParams({ method, ...params }).toString()
}

export interface Answer {
  readonly status: number
  readonly milliseconds: number
  readonly text: string
}

/** A call that was sent, and by whom. */
export interface Sent {
  readonly call: SignedCall
  readonly caller: Caller
  readonly params: Readonly<Record<string, string>>
  /** The answer; why there is none; undefined while it is waited for. */
  readonly answer: Answer | { readonly failure: string } | undefined
}

/** Sends a call to the server that the page came from. */
export async function send(call: Call, endpoint: string): Promise<Answer> {
  const text = encodeCall(call)
  const headers: Record<string, string> = call.token === '' ? {} : { Authorization: `Bearer ${call.token}` }
  const began = performance.now()
  const response = await (call.verb === 'GET'
    ? fetch(`${endpoint}?${text}`, { headers, credentials: 'omit', redirect: 'manual' })
    : fetch(endpoint, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' },
        body: text,
        credentials: 'omit',
        redirect: 'manual',
      }))
  const body = await response.text()
  const milliseconds = Math.round(performance.now() - began)
  return { status: response.status, milliseconds, text: body }
}
