import { hash } from 'node:crypto'
import { parseCookieVisitor } from './cookie-visitor.js'
import type { CompiledTable } from '../contract/compile-table.js'
import { GatewayError } from '../outcome/errors.js'
import type {
  WrittenAnswer,
  Dialect,
  HeaderList,
  Incoming,
  Outcome,
  RequestHead,
  RequestInput,
} from './dialect.js'
import { detailHeader, errorHeaders, jsonHeaders, scriptHeaders } from './json.js'
import { disagreesWithPath, methodInPath } from './method-path.js'
import { findSessionToken } from './session-token.js'
import type { RawParameters } from '../wire/query-string.js'

const tokenParameters = ['access_token', 'session_key', 'perm_key']
const verbs = ['GET', 'HEAD', 'POST']
const callbackName = /^[\w$.]{1,64}$/

interface PassportSettings {
  /** PASSPORT_SALT: adds `alg` and `md5` to the envelope. */
  readonly salt?: string | undefined
  /** In development the header X-Error-Detail names the parameter and what it wants. */
  readonly showDetail: boolean
}

/** The envelope of `/gateway?method=` and `/gateway/NAME`: `{"code","data","message"}` (passport.md §2). */
export function createPassportDialect(table: CompiledTable, settings: PassportSettings): Dialect {
  const documentOf = ({ path }: RequestHead, query: RawParameters) =>
    table.byName.get(methodInPath(path) ?? query['method'] ?? '')?.contract.document
  return {
    name: 'passport',
    knowsPath: () => true,
    takesText: (head, query) => documentOf(head, query)?.['x-text-body'] === true,
    fileField: (head, query) => documentOf(head, query)?.['x-file'],
    read: (head, input) => readCall(head, input, table),
    write(outcome, incoming) {
      const callback = incoming?.callback
      const type = callback === undefined ? jsonHeaders : scriptHeaders
      const answer = outcome.ok
        ? writeSuccess(outcome, type, settings)
        : writeError(outcome.error, type, settings)
      return callback === undefined ? answer : { ...answer, body: wrapJsonp(answer.body, callback) }
    },
  }
}

function readCall(
  head: RequestHead,
  { params, queryNames, body, file }: RequestInput,
  table: CompiledTable,
): Incoming {
  const named = methodInPath(head.path)
  // From here on the call is the one that sends `method`, which a signature covers.
  if (named !== undefined) params['method'] ??= named
  const method = params['method'] ?? ''
  const token = findSessionToken(head, params, tokenParameters)
  const call = { head, method, params, queryNames, token, body, file }
  if (!verbs.includes(head.verb))
    return { ...call, refusal: new GatewayError('VERB_NOT_ALLOWED', { detail: verbs.join(', ') }) }
  if (named !== undefined && disagreesWithPath(named, method, table)) {
    const detail = 'method: is not the method that the path names'
    return { ...call, refusal: new GatewayError('PARAM_ERROR', { detail }) }
  }
  if (params['return_type'] !== 'jsonp' || !table.byName.get(method)?.contract.document['x-jsonp'])
    return call
  const callback = params['callback'] ?? ''
  if (!callbackName.test(callback)) {
    const detail = 'callback: 1 to 64 letters, digits, "_", "$" or "."'
    return { ...call, refusal: new GatewayError('PARAM_ERROR', { detail }) }
  }
  if (params['client_secret']) return { ...call, callback }
  return { ...call, callback, visitor: parseCookieVisitor(head.headers) }
}

function writeSuccess(
  { method, result, resultProblem }: Outcome & { ok: true },
  type: HeaderList,
  { salt }: PassportSettings,
): WrittenAnswer {
  const data = method.contract.stringify(result) ?? '[]'
  const message = method.successJson
  const headers = resultProblem === undefined ? type : [...type, ...detailHeader(resultProblem)]
  if (salt === undefined) {
    const body = `{"code":200,"data":${data},"message":${message}}`
    return { status: 200, headers, body, code: 200 }
  }
  const md5 = hash('md5', `${salt}:${JSON.stringify(sortKeys(JSON.parse(data)))}`, 'hex')
  const body = `{"alg":"SALT_MD5","code":200,"data":${data},"md5":"${md5}","message":${message}}`
  return { status: 200, headers: [...headers, ...checksum(salt, body)], body, code: 200 }
}

function writeError(
  error: GatewayError,
  type: HeaderList,
  { salt, showDetail }: PassportSettings,
): WrittenAnswer {
  const [code] = error.entry.passport
  const body = `{"code":${code},"message":${JSON.stringify(error.text('passport'))}}`
  const headers = [...type, ...errorHeaders(error)]
  if (salt !== undefined) headers.push(...checksum(salt, body))
  if (error.key === 'IP_BLOCKED') headers.push('x-yoho-malicode', String(code))
  if (showDetail && error.detail) headers.push(...detailHeader(error.detail))
  return { status: error.httpStatus('passport'), headers, body, code }
}

/** Covers the body's bytes, so that a client notices when something in between has changed them. */
function checksum(salt: string, body: string): HeaderList {
  return ['X-YH-Response-Checksum', hash('md5', `${salt}:${hash('md5', body, 'hex')}`, 'hex')]
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (value === null || typeof value !== 'object') return value
  const sorted = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(sorted.map(([key, inner]) => [key, sortKeys(inner)]))
}

function wrapJsonp(body: string, callback: string): string {
  // U+2028 and U+2029 are line ends in older JavaScript, but not in JSON.
  return `${callback}(${body.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')})`
}
