import { createHmac } from 'node:crypto'
import { allParameters, isForm } from './call-parameters.js'
import { type Exchange, headerOf } from './exchange.js'
import { answerHeaders, requestHeaders } from './header-redaction.js'
import { createPseudonyms, type Pseudonym } from './pseudonyms.js'
import type { RecordedAnswer, RecordedBody, RecordedCall } from './recorded-call.js'
import { type Replace, rewriteAnswer, rewriteJson, rewriteQuery } from './rewrite.js'
import { splitOnce } from './split-once.js'
import { isPlain, type Side, valueKindOf } from './sensitive.js'
import type { RawParameters } from '../../wire/query-string.js'

export interface RedactionOptions {
  /** Whether legacy signatures stay: whoever has the application's key can then try guesses at all the values. */
  readonly keepSignatures?: boolean
}

/** Turns exchanges into lines of a record, and answers of another server into the same form. */
export interface Redaction {
  readonly pseudonym: Pseudonym
  /** The call, with milliseconds counted from `began`. */
  call(exchange: Exchange, began: number): RecordedCall
  /** An answer; `replace` takes the place of plain pseudonyms. */
  answer(answer: Exchange['answer'], replace?: Pseudonym): RecordedAnswer
}

/** Makes what redacts under a key. */
export function createRedaction(key: Buffer, options: RedactionOptions = {}): Redaction {
  const pseudonym = createPseudonyms(key)
  const replaceFor =
    (side: Side, substitute: Pseudonym): Replace =>
    (name, value) => {
      if (side === 'request' && options.keepSignatures && name === 'client_secret') return value
      if (side === 'answer' && (name === 'message' || name === 'msg')) return scrub(value, substitute)
      return isPlain(name, value, side) ? value : substitute(value)
    }
  const answer: Redaction['answer'] = ({ status, headers, body }, substitute = pseudonym) => ({
    status,
    headers: answerHeaders(headers, replaceFor('answer', substitute)),
    body: bodyOf(key, body, (text) => rewriteAnswer(text, replaceFor('answer', substitute))),
  })
  return {
    pseudonym,
    answer,
    call: (exchange, began) =>
      redactCall(key, exchange, {
        began,
        replace: replaceFor('request', pseudonym),
        answer: answer(exchange.answer),
      }),
  }
}

interface CallParts {
  readonly began: number
  readonly replace: Replace
  readonly answer: RecordedAnswer
}

function redactCall(key: Buffer, exchange: Exchange, { began, replace, answer }: CallParts): RecordedCall {
  const { at, took, verb, headers, body } = exchange
  const [path, query] = splitOnce(exchange.url, '?')
  const type = headerOf(headers, 'content-type') ?? ''
  // Ids may stand in a path of the old server's own.
  const cleanPath = path.replaceAll(/[0-9a-f]{16,}|\d{4,}/gi, (found) => replace('path', found))
  const url = query === undefined ? cleanPath : `${cleanPath}?${rewriteQuery(query, replace)}`
  const recordedBody = bodyOf(key, body, (text) => {
    if (/^application\/json\b/i.test(type)) return rewriteJson(text, replace)
    return isForm(type) ? rewriteQuery(text, replace) : undefined
  })
  const kept = requestHeaders(headers, replace)
  const params = allParameters(url, recordedBody, type)
  return {
    at: Math.round(at - began),
    took: Math.round(took * 10) / 10,
    method: methodOf(path, params),
    app: params['client_type'] ?? params['app_key'] ?? '',
    verb,
    url,
    headers: kept,
    ...(body?.length === 0 ? {} : { body: recordedBody }),
    owners: ownersOf(replace, exchange, { params: { ...params, authorization: bareToken(kept) }, answer }),
    answer,
  }
}

/** The wire name of the method that a call means. */
function methodOf(path: string, params: RawParameters): string {
  const named = params['method']
  if (named && /^[\w.]{1,100}$/.test(named)) return named
  const [, rest] = /^\/((?:front|manage)\/[\w/]{1,100})$/.exec(path) ?? []
  return rest === undefined ? path.replaceAll(/\d{4,}|[0-9a-f]{16,}/gi, '*') : rest.replaceAll('/', '.')
}

/** A text of a type we know with its values replaced; of anything else the keyed hash. */
function bodyOf(
  key: Buffer,
  body: Buffer | undefined,
  rewrite: (text: string) => string | undefined,
): RecordedBody {
  if (body === undefined) return { leftOut: 'too large' }
  const text = body.length === 0 ? '' : rewrite(body.toString('utf8'))
  if (text !== undefined) return { text }
  return { hash: createHmac('sha256', key).update(body).digest('hex').slice(0, 32), bytes: body.length }
}

function bareToken({ authorization = '' }: Readonly<Record<string, string>>): string {
  return authorization.replace(/^bearer\s+/i, '')
}

interface Redacted {
  readonly params: RawParameters
  readonly answer: RecordedAnswer
}

/** Numbers, addresses, users and tokens of a call and of what it was given; else the network address. */
function ownersOf(replace: Replace, { client }: Exchange, { params, answer }: Redacted): string[] {
  const found = new Set<string>()
  const add = (name: string, value: string, side: Side) => {
    if (value.length < 4 || isPlain(name, value, side)) return
    const kind = valueKindOf(name, side)
    if (name === 'client_secret') return
    const isName = /mobile|email|account|verify_?key/i.test(name)
    if (kind === 'id' || kind === 'token' || isName) found.add(bareOwner(value))
  }
  for (const [name, value] of Object.entries(params)) add(name, value, 'request')
  if ('text' in answer.body)
    rewriteAnswer(answer.body.text, (name, value) => {
      if (valueKindOf(name, 'answer') === 'token') add(name, value, 'answer')
      return value
    })
  return found.size > 0 ? [...found] : [replace('client', client)]
}

/** A number is the same owner with its country before it and without. */
function bareOwner(value: string): string {
  return /^(?:[+ ]?86-?)?(1\d{10})$/.exec(value)?.[1] ?? value
}

/** An address is as long as one may be (RFC 5321): a long text without spaces would be searched from each of its letters. */
const named = /(?<!\d)(?:\+?86-?)?1[3-9]\d{9}(?!\d)|[^\s@<>"']{1,64}@[^\s@<>"']{1,255}\.[a-z]{2,}/gi

/** A text for people, in which numbers and addresses may stand. */
function scrub(text: string, substitute: Pseudonym): string {
  return text.replaceAll(named, (found) => substitute(found))
}
