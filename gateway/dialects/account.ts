import type { CompiledMethod, CompiledTable } from '../contract/compile-table.js'
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
import { detailHeader, errorHeaders, jsonHeaders } from './json.js'
import { findSessionToken } from './session-token.js'

const tokenParameters = ['access_token', 'perm_key']

/** The envelope of the REST paths: `{"status","code","msg","data","error"}`, all five always (account.md §1). */
export function createAccountDialect(table: CompiledTable): Dialect {
  return {
    name: 'account',
    knowsPath: (head) => findByPath(head, table) !== undefined,
    takesText: (head) => findByPath(head, table)?.contract.document['x-text-body'] === true,
    fileField: (head) => findByPath(head, table)?.contract.document['x-file'],
    read: (head, input) => readCall(head, input, table),
    write: writeOutcome,
  }
}

function findByPath({ path }: RequestHead, table: CompiledTable): CompiledMethod | undefined {
  return table.byPath.get(path.endsWith('/') ? path.slice(0, -1) : path)
}

function readCall(
  head: RequestHead,
  { params, queryNames, body, file }: RequestInput,
  table: CompiledTable,
): Incoming {
  const method = findByPath(head, table)
  const token = findSessionToken(head, params, tokenParameters)
  const name = method?.name ?? ''
  const call = { head, method: name, params, queryNames, token, body, file }
  if (!method || method.verbs.includes(head.verb === 'HEAD' ? 'GET' : head.verb)) return call
  return { ...call, refusal: new GatewayError('VERB_NOT_ALLOWED', { detail: method.verbs.join(', ') }) }
}

function writeOutcome(outcome: Outcome): WrittenAnswer {
  if (outcome.ok) {
    const { contract } = outcome.method
    const data = contract.stringify(outcome.result) ?? 'null'
    const msg = contract.document['x-message'] ? data : '"操作成功"'
    const body = `{"status":200,"code":0,"msg":${msg},"data":${data},"error":null}`
    return { status: 200, headers: successHeaders(outcome), body, code: 0 }
  }
  const { error } = outcome
  const [code] = error.entry.account
  const msg = JSON.stringify(error.text('account'))
  const body = `{"status":250,"code":${code},"msg":${msg},"data":null,"error":"${error.key}"}`
  return {
    status: error.httpStatus('account'),
    headers: [...jsonHeaders, ...errorHeaders(error)],
    body,
    code,
  }
}

function successHeaders({ freshToken, resultProblem }: Outcome & { ok: true }): HeaderList {
  if (freshToken === undefined && resultProblem === undefined) return jsonHeaders
  const token = freshToken === undefined ? [] : ['Authorization', freshToken]
  const detail = resultProblem === undefined ? [] : detailHeader(resultProblem)
  return [...jsonHeaders, ...token, ...detail]
}
