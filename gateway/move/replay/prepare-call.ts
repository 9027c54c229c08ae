import { randomBytes } from 'node:crypto'
import { readJsonTree } from '../traffic/json-tree.js'
import type { ReadCall } from '../record/files.js'
import type { RecordedAnswer } from '../traffic/recorded-call.js'
import { allParameters } from '../traffic/call-parameters.js'
import { type Replace, rewriteJson, rewriteQuery, splitAnswer } from '../traffic/rewrite.js'
import { isPlain, valueKindOf } from '../traffic/sensitive.js'
import { splitOnce } from '../traffic/split-once.js'
import { signHmac, signLegacy } from '../../wire/signature.js'
import type { KnownValues } from './known-values.js'

/** A call as it is sent again. */
export interface PreparedCall {
  readonly verb: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

export interface PrepareOptions {
  readonly known: Pick<KnownValues, 'restore' | 'noteSent'>
  /** Secrets of applications by name. */
  readonly secrets: ReadonlyMap<string, string>
  /** Whether the call is made while its signature is still good: signed anew is only what was changed. */
  readonly isLive?: boolean
}

/** Why a call can't be made again. */
export type LeftOut = { readonly leftOut: string }

/** Parameters that a signature is made of anew. */
const signingNames = new Set(['client_secret', 'nonce', 'timestamp'])

/** Puts values back and signs anew, or says what is wanting. */
export function prepareCall(call: ReadCall, options: PrepareOptions): PreparedCall | LeftOut {
  const { known, isLive = false } = options
  const { body, headers } = call
  if (body && !('text' in body))
    return { leftOut: 'leftOut' in body ? 'the body was too large' : 'the body was neither a form nor JSON' }
  const missing = new Set<string>()
  const restore: Replace = (name, value) => {
    if (value === '' || signingNames.has(name)) return value
    // A record holds what is plain as it was; live, a plain id too is the old server's.
    if (!isLive && isPlain(name, value, 'request')) return value
    const real = known.restore(value, name)
    if (real !== undefined) return real
    const kind = valueKindOf(name, 'request')
    if (kind !== undefined) missing.add(kind)
    known.noteSent(value)
    return value
  }
  const restored = {
    verb: call.verb,
    url: rewriteUrl(call.url, restore),
    headers: restoreHeaders(headers, restore),
    body: body && rewriteBody(body.text, headers, restore),
  }
  // Of a call that was refused, a value that nobody knows is as wrong as the one that was sent.
  if (missing.size > 0 && wasSuccess(call.answer))
    return { leftOut: `unknown ${[...missing].sort().join(', ')}` }
  const isAsSent =
    restored.url === call.url && restored.body === (body && 'text' in body ? body.text : undefined)
  return isLive && isAsSent ? restored : signAnew(call, restored, options)
}

function rewriteUrl(url: string, replace: Replace): string {
  const [path, query] = splitOnce(url, '?')
  return query === undefined ? path : `${path}?${rewriteQuery(query, replace)}`
}

function rewriteBody(text: string, headers: PreparedCall['headers'], replace: Replace): string {
  const isJson = /json/i.test(headers['content-type'] ?? '')
  return isJson ? (rewriteJson(text, replace) ?? text) : rewriteQuery(text, replace)
}

function restoreHeaders(headers: PreparedCall['headers'], restore: Replace): Record<string, string> {
  const restored = { ...headers }
  const { authorization, cookie } = headers
  if (authorization !== undefined) {
    const [, word = '', token = ''] = /^(bearer\s+)?(.*)$/is.exec(authorization) ?? []
    restored['authorization'] = word + restore('authorization', token)
  }
  if (cookie !== undefined) {
    const cookies = cookie.split('; ').map((text) => {
      const [name, value = ''] = splitOnce(text, '=')
      return `${name}=${restore('cookie', value)}`
    })
    restored['cookie'] = cookies.join('; ')
  }
  return restored
}

/** Whether the old server did what was asked, in either envelope. */
export function wasSuccess({ status, body }: RecordedAnswer): boolean {
  const tree = 'text' in body ? readJsonTree(splitAnswer(body.text).json) : undefined
  if (tree?.kind !== 'object') return status < 400
  const numberOf = (name: string) => {
    const value = tree.members.find((member) => member.name === name)?.value
    return value?.kind === 'number' ? Number(value.text) : undefined
  }
  const envelopeStatus = numberOf('status')
  return envelopeStatus === undefined ? numberOf('code') === 200 : envelopeStatus === 200
}

function signAnew(
  call: ReadCall,
  restored: PreparedCall,
  { secrets, isLive = false }: PrepareOptions,
): PreparedCall | LeftOut {
  const type = restored.headers['content-type'] ?? ''
  const params = allParameters(
    restored.url,
    restored.body === undefined ? undefined : { text: restored.body },
    type,
  )
  if (!params['client_secret'] || wasBadSignature(call.answer)) return restored
  const secret = secrets.get(call.app)
  const isHmac = params['sign_method'] === 'hmac-sha256'
  if (secret === undefined) {
    if (call.keepsSignature && !isHmac && !isLive) return restored
    return { leftOut: `no secret of application ${call.app === '' ? '(none)' : call.app}` }
  }
  if (isHmac) {
    params['timestamp'] = String(Math.floor(Date.now() / 1000))
    params['nonce'] = randomBytes(16).toString('hex')
    // A path's method is signed too, by its dotted name.
    if (call.method.startsWith('front.') || call.method.startsWith('manage.'))
      params['method'] ??= call.method
  }
  params['client_secret'] = isHmac ? signHmac(params, secret) : signLegacy(params, secret)
  const replace: Replace = (name, value) =>
    signingNames.has(name) && isSigned(name, isHmac) ? (params[name] ?? value) : value
  return {
    ...restored,
    url: rewriteUrl(restored.url, replace),
    body: restored.body === undefined ? undefined : rewriteBody(restored.body, restored.headers, replace),
  }
}

function isSigned(name: string, isHmac: boolean): boolean {
  return isHmac || name === 'client_secret'
}

/** A signature that the old server refused stays wrong: signed anew, the call would be another one. */
function wasBadSignature({ body }: RecordedAnswer): boolean {
  return 'text' in body && /"code":\s*500\b/.test(body.text)
}
