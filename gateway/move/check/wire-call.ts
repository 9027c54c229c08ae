import { randomBytes } from 'node:crypto'
import { defined } from '../../wire/defined-fields.js'
import { signHmac, signLegacy } from '../../wire/signature.js'

/** A call as it is sent. */
export interface WireCall {
  readonly verb: 'GET' | 'POST'
  /** Below the base of the server. */
  readonly path: string
  /** As it stands behind the `?`. */
  readonly query?: string
  readonly form?: string
  readonly json?: string
  readonly headers?: Readonly<Record<string, string>>
}

export type CallParameters = Readonly<Record<string, string>>

/** The application in whose name calls are signed. */
export interface Signer {
  readonly name: string
  readonly secret: string
  readonly scheme: 'legacy' | 'hmac-sha256'
}

/** The parameters with what names the application, and its signature. */
export function signed({ name, secret, scheme }: Signer, params: CallParameters): Record<string, string> {
  const all: Record<string, string> = { client_type: name, app_version: '3.8.2', v: '7', ...params }
  if (scheme === 'legacy') return { ...all, client_secret: signLegacy(all, secret) }
  const stamped = {
    sign_method: scheme,
    timestamp: String(Math.floor(Date.now() / 1000)),
    nonce: randomBytes(16).toString('hex'),
    ...all,
  }
  return { ...stamped, client_secret: signHmac(stamped, secret) }
}

/** Parameters as a client writes them into a query or a form. */
export function encoded(params: CallParameters): string {
  return new URLSearchParams(params).toString()
}

/** A call of the method gateway with these parameters, in the query of a GET or the form of a POST. */
export function gatewayCall(
  params: CallParameters,
  { verb = 'GET', path = '/gateway' }: { verb?: WireCall['verb']; path?: string } = {},
): WireCall {
  return verb === 'GET' ? { verb, path, query: encoded(params) } : { verb, path, form: encoded(params) }
}

/** Parameters of a path; the verb and the token, which goes into the header, beside them. */
export type PathParameters = Readonly<Record<string, string | undefined>> & {
  readonly verb?: 'GET' | 'POST'
  readonly token?: string | undefined
}

/** A call of a path of the account APIs. */
export function pathCall(path: string, { verb = 'GET', token, ...params }: PathParameters = {}): WireCall {
  const text = encoded(defined(params) as CallParameters)
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  if (verb === 'POST') return { verb, path, form: text, headers }
  return { verb: 'GET', path, ...(text === '' ? {} : { query: text }), headers }
}
