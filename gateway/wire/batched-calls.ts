import type { BatchAnswer, BatchedCall } from '../../schemas/contract-document.js'
import { GatewayError } from '../outcome/errors.js'
import { isJsonObject, parseJson, scalarsOf } from './json-text.js'
import { addParameters, emptyParameters } from './query-string.js'

/** Calls in one batch. */
const mostCalls = 20

/** The calls that a JSON text lists: `[{"method":"…","params":{…},"idempotency_key":"…"},…]`. Throws PARAM_ERROR. */
export function readBatchedCalls(text: string): BatchAnswer {
  const list = parseJson(text, 'calls')
  if (!Array.isArray(list) || list.length === 0 || list.length > mostCalls)
    throw wrong(`calls: a list of 1 to ${mostCalls} calls`)
  return list.map((call: unknown, at) => readCall(call, `calls[${at}]`))
}

function readCall(call: unknown, name: string): BatchedCall {
  if (!isJsonObject(call)) throw wrong(`${name}: an object`)
  const { method, params = {}, idempotency_key: key } = call as Readonly<Record<string, unknown>>
  if (typeof method !== 'string') throw wrong(`${name}.method: the name of a method`)
  if (!isJsonObject(params)) throw wrong(`${name}.params: an object`)
  if (key !== undefined && typeof key !== 'string') throw wrong(`${name}.idempotency_key: a text`)
  const raw = emptyParameters()
  addParameters(raw, scalarsOf(params))
  return { method, params: raw, ...(key !== undefined && { idempotencyKey: key }) }
}

function wrong(detail: string): GatewayError {
  return new GatewayError('PARAM_ERROR', { detail })
}
