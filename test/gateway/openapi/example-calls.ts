import type { OpenApiDocument, Operation } from '../../../gateway/openapi/objects.js'
import type { HttpAnswer } from '../../fetch-answer.js'
import { signParameters } from '../../harness.js'
import type { DemoServer } from './demo-server.js'

type Values = Record<string, string>

/** One operation of a description with where it stands. */
export interface Example {
  readonly path: string
  readonly verb: 'get' | 'post'
  readonly operation: Operation
}

/** What makes rows comes first, what takes them away last; a group is there before its tags. */
const order = [
  /^manage\..*Group\.add$/,
  /^manage\..*\.add$/,
  /\.add$/,
  /^(?!.*\.(remove|removeBatch|revoke|changePassword|logout)$)/,
  /./,
]

/** As many as are removed. */
const rowsNeeded = 3

/** All examples in an order in which each finds what it names. */
export function listExamples({ paths }: OpenApiDocument): Example[] {
  const examples = Object.entries(paths).flatMap(([path, item]) =>
    (['get', 'post'] as const).flatMap((verb) => {
      const operation = item[verb]
      return operation ? Array.from({ length: timesOf(operation) }, () => ({ path, verb, operation })) : []
    }),
  )
  const rankOf = ({ operation }: Example) => order.findIndex((pattern) => pattern.test(operation['x-method']))
  return examples.sort((left, right) => rankOf(left) - rankOf(right))
}

function timesOf({ 'x-method': method }: Operation): number {
  return /(Address|Invoice|Group)\.add$/.test(method) ? rowsNeeded : 1
}

/** The parameters of an example, as a form has them. */
function valuesOf({ operation, verb }: Example): Values {
  const { requestBody, parameters } = operation
  const ofBody = Object.values(requestBody?.content ?? {})[0]?.example
  const ofQuery = parameters.filter(({ example }) => example !== undefined)
  const values =
    verb === 'post' && ofBody ? ofBody : Object.fromEntries(ofQuery.map((p) => [p.name, p.example]))
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
}

/** Calls an operation as its security asks for, with the parameters of its example. */
export function callExample(example: Example, server: DemoServer): Promise<HttpAnswer> {
  const { security, 'x-method': method } = example.operation
  const opensBy = (scheme: string) => security.some((schemes) => scheme in schemes)
  const values = valuesOf(example)
  // Codes are sent to one number once a minute.
  server.gateway.clock.advance(61_000)
  const signer = opensBy('legacySignature') ? server.app : server.newerApp
  if (opensBy('hmacSignature'))
    return send(example, server, signParameters(signer, { method, ...values }, server.gateway.clock.now()))
  return opensBy('session') ? sendSignedIn(example, server, values) : send(example, server, values)
}

async function sendSignedIn(example: Example, server: DemoServer, values: Values): Promise<HttpAnswer> {
  return send(example, server, values, { Authorization: `Bearer ${await server.startSession()}` })
}

function send(
  { path, verb }: Example,
  { gateway }: DemoServer,
  values: Values,
  headers: Values = {},
): Promise<HttpAnswer> {
  const form = new URLSearchParams(values)
  return verb === 'get'
    ? gateway.request(`${path}?${form.toString()}`, { headers })
    : gateway.request(path, { method: 'POST', body: form, headers })
}
