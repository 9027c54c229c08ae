import type { ContractDocument } from '../../schemas/contract-document.js'
import type { CompiledMethod } from '../contract/compile-table.js'
import { type Envelope, errorSchema } from './errors.js'
import type { MediaType, Reference, ResponseObject, SchemaObject } from './objects.js'
import { refToSchema } from './schemas.js'

const text = { type: 'string' }

/** What a method answers, by HTTP status. */
export function describeAnswers(
  method: CompiledMethod,
  document: ContractDocument,
  envelope: Envelope,
): Record<string, ResponseObject | Reference> {
  const failed = { default: { $ref: `#/components/responses/${envelope}.error` } }
  if (document['x-raw'] !== undefined) {
    const description = `The body is the answer itself, without an envelope. ${document.title}`
    const own = { 200: { description, content: { [document['x-raw']]: { schema: text } } } }
    return { ...own, ...(document['x-text-body'] ? { 403: unsignedBody } : {}), ...failed }
  }
  if (document['x-stream']) {
    const description = 'Server-Sent Events, until the client or the session ends.'
    return { 200: { description, content: { 'text/event-stream': { schema: text } } }, ...failed }
  }
  return {
    200: { description: document.title, content: describeEnvelope(method, document, envelope) },
    ...(document['x-redirect'] ? { 302: redirect } : {}),
    ...failed,
  }
}

const unsignedBody: ResponseObject = {
  description: 'Empty: not signed by whom such bodies are taken from.',
}

const redirect: ResponseObject = {
  description: 'The browser is sent on.',
  headers: { Location: { description: 'Where to.', schema: text } },
}

function describeEnvelope(
  method: CompiledMethod,
  document: ContractDocument,
  envelope: Envelope,
): Record<string, MediaType> {
  const success = envelope === 'passport' ? passportSuccess(method, document) : accountSuccess(document)
  return { 'application/json': { schema: { oneOf: [success, errorSchema[envelope]] } } }
}

function resultOf(document: ContractDocument, nothing: SchemaObject): SchemaObject {
  return document.$defs?.result ? refToSchema(`${document.$id}.result`) : nothing
}

function passportSuccess({ successJson }: CompiledMethod, document: ContractDocument): SchemaObject {
  const properties = {
    code: { const: 200 },
    data: resultOf(document, { type: 'array', maxItems: 0 }),
    message: { const: JSON.parse(successJson) as unknown },
  }
  return { type: 'object', properties, required: Object.keys(properties) }
}

function accountSuccess(document: ContractDocument): SchemaObject {
  const properties = {
    status: { const: 200 },
    code: { const: 0 },
    msg: document['x-message'] ? text : { const: '操作成功' },
    data: resultOf(document, { type: 'null' }),
    error: { type: 'null' },
  }
  return { type: 'object', properties, required: Object.keys(properties) }
}
