import type { CompiledTable } from '../compile-table.js'
import { GatewayError } from '../errors.js'
import type { Answer, Dialect, EdgeRequest, Incoming, Outcome } from '../incoming.js'
import { jsonHeaders } from './json.js'
import { findSessionToken } from './session-token.js'

const tokenParameters = ['access_token', 'perm_key']

/** The envelope of the REST paths: `{"status","code","msg","data","error"}`, all five always (account.md §1). */
export function createAccountDialect(table: CompiledTable): Dialect {
  return { name: 'account', read: (request) => readCall(request, table), write: writeOutcome }
}

function readCall(request: EdgeRequest, table: CompiledTable): Incoming {
  const { params, ip, requestId, isLocal, verb } = request
  const method = table.byPath.get(request.path.replace(/\/$/, ''))
  const token = findSessionToken(request, tokenParameters)
  const call = { method: method?.name ?? '', params, token, ip, requestId, isLocal }
  if (!method || method.verbs.includes(verb === 'HEAD' ? 'GET' : verb)) return call
  return { ...call, refusal: new GatewayError('VERB_NOT_ALLOWED', { detail: method.verbs.join(', ') }) }
}

function writeOutcome(outcome: Outcome): Answer {
  if (outcome.ok) {
    const data = outcome.method.contract.stringify(outcome.result) ?? 'null'
    const body = `{"status":200,"code":0,"msg":"操作成功","data":${data},"error":null}`
    return { status: 200, headers: jsonHeaders, body, code: 0 }
  }
  const { error } = outcome
  const [code, text] = error.entry.account
  const msg = text.replace('{detail}', error.detail === undefined ? '参数错误' : `参数错误：${error.detail}`)
  const body = `{"status":250,"code":${code},"msg":${JSON.stringify(msg)},"data":null,"error":"${error.error}"}`
  return { status: error.httpStatus('account'), headers: errorHeaders(error), body, code }
}

function errorHeaders(error: GatewayError): Record<string, string> {
  const headers: Record<string, string> = { ...jsonHeaders }
  if (error.retryAfter !== undefined) headers['Retry-After'] = String(error.retryAfter)
  if (error.error === 'VERB_NOT_ALLOWED') headers['Allow'] = error.detail ?? ''
  return headers
}
