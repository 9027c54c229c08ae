import type { CompiledTable } from '../compile-table.js'
import { GatewayError } from '../errors.js'
import type { Answer, Dialect, HeaderList, Incoming, Outcome, RequestHead } from '../incoming.js'
import type { RawParameters } from '../query-string.js'
import { jsonHeaders } from './json.js'
import { findSessionToken } from './session-token.js'

const tokenParameters = ['access_token', 'perm_key']

/** The envelope of the REST paths: `{"status","code","msg","data","error"}`, all five always (account.md §1). */
export function createAccountDialect(table: CompiledTable): Dialect {
  return { name: 'account', read: (head, params) => readCall(head, params, table), write: writeOutcome }
}

function readCall(head: RequestHead, params: RawParameters, table: CompiledTable): Incoming {
  const { path, ip, requestId, isLocal, verb } = head
  const method = table.byPath.get(path.endsWith('/') ? path.slice(0, -1) : path)
  const token = findSessionToken(head, params, tokenParameters)
  const call = { method: method?.name ?? '', params, token, ip, requestId, isLocal }
  if (!method || method.verbs.includes(verb === 'HEAD' ? 'GET' : verb)) return call
  return { ...call, refusal: new GatewayError('VERB_NOT_ALLOWED', { detail: method.verbs.join(', ') }) }
}

function writeOutcome(outcome: Outcome): Answer {
  if (outcome.ok) {
    const { contract } = outcome.method
    const data = contract.stringify(outcome.result) ?? 'null'
    const msg = contract.document['x-message'] ? data : '"操作成功"'
    const body = `{"status":200,"code":0,"msg":${msg},"data":${data},"error":null}`
    const { freshToken } = outcome
    const headers = freshToken === undefined ? jsonHeaders : [...jsonHeaders, 'Authorization', freshToken]
    return { status: 200, headers, body, code: 0 }
  }
  const { error } = outcome
  const [code, text] = error.entry.account
  const msg = text.replace('{detail}', error.detail === undefined ? '参数错误' : `参数错误：${error.detail}`)
  const body = `{"status":250,"code":${code},"msg":${JSON.stringify(msg)},"data":null,"error":"${error.error}"}`
  return { status: error.httpStatus('account'), headers: errorHeaders(error), body, code }
}

function errorHeaders(error: GatewayError): HeaderList {
  const headers = [...jsonHeaders]
  if (error.retryAfter !== undefined) headers.push('Retry-After', String(error.retryAfter))
  if (error.error === 'VERB_NOT_ALLOWED') headers.push('Allow', error.detail ?? '')
  return headers
}
