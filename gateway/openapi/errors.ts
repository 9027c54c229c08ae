import { inlineDefinitions } from '../../schemas/contract-document.js'
import { contractDocuments, sharedDefinitions } from '../../schemas/contracts.js'
import type { CompiledMethod } from '../contract/compile-table.js'
import { GatewayError } from '../outcome/errors.js'
import { catalogue, type ErrorName, isErrorName } from '../outcome/catalogue.js'
import { errorCauses } from './error-causes.js'
import { errorFixes } from './error-fixes.js'
import type { Reference, ResponseObject, SchemaObject } from './objects.js'
import { refToSchema } from './schemas.js'

export type Envelope = 'passport' | 'account'

const envelopes = ['passport', 'account'] as const
const names = Object.keys(catalogue).filter(isErrorName)

/** Every error in each envelope: when it is answered, what to do, and how it looks. */
export function describeErrorExamples(): Record<string, unknown> {
  const examples = envelopes.flatMap((envelope) =>
    names.map((name) => [
      `${envelope}.${name}`,
      { summary: errorCauses[name], description: describeFix(name), value: writeError(name, envelope) },
    ]),
  )
  return Object.fromEntries(examples)
}

function describeFix(name: ErrorName): string {
  const { retry } = new GatewayError(name).entry
  return `To do: ${errorFixes[name]}.${retry ? ' The same call may succeed later.' : ''}`
}

function writeError(name: ErrorName, envelope: Envelope): unknown {
  const error = new GatewayError(name)
  const [code] = error.entry[envelope]
  const text = error.text(envelope)
  if (envelope === 'passport') return { code, message: text }
  return { status: 250, code, msg: text, data: null, error: name }
}

/** The envelopes of errors, each with its numbers. */
export function describeErrorSchemas(): Record<string, SchemaObject> {
  const codes = (envelope: Envelope) => ({
    type: 'integer',
    enum: [...new Set(names.map((name) => catalogue[name][envelope][0]))].sort((a, b) => a - b),
  })
  return {
    PassportError: {
      type: 'object',
      properties: { code: codes('passport'), message: { type: 'string' } },
      required: ['code', 'message'],
    },
    AccountError: {
      type: 'object',
      properties: {
        status: { const: 250 },
        code: codes('account'),
        msg: { type: 'string' },
        data: { type: 'null' },
        error: { type: 'string', enum: names },
      },
      required: ['status', 'code', 'msg', 'data', 'error'],
    },
  }
}

export const errorSchema: Readonly<Record<Envelope, Reference>> = {
  passport: refToSchema('PassportError'),
  account: refToSchema('AccountError'),
}

/** All errors under all HTTP statuses, as the answer for which nothing else is said. */
export function describeErrorResponses(): Record<string, ResponseObject> {
  const responses = envelopes.map((envelope): [string, ResponseObject] => [
    `${envelope}.error`,
    {
      description: `Any error of the catalogue: ${describeStatuses(envelope)}, all others 200.`,
      headers: {
        'Retry-After': {
          description: 'Seconds until the same call may succeed.',
          schema: { type: 'integer' },
        },
        'X-Request-Id': { description: 'Under which the log has the call.', schema: { type: 'string' } },
      },
      content: {
        'application/json': { schema: errorSchema[envelope], examples: refsToErrors(envelope) },
      },
    },
  ])
  return Object.fromEntries(responses)
}

function describeStatuses(envelope: Envelope): string {
  return names
    .map((name) => [name, new GatewayError(name).httpStatus(envelope)] as const)
    .filter(([, status]) => status !== 200)
    .map(([name, status]) => `\`${name}\` is HTTP ${status}`)
    .join(', ')
}

function refsToErrors(envelope: Envelope): Record<string, Reference> {
  return Object.fromEntries(
    names.map((name) => [name, { $ref: `#/components/examples/${envelope}.${name}` }]),
  )
}

const ofTokens = ['LOGIN_REQUIRED', 'TOKEN_BROKEN', 'TOKEN_EXPIRED'] as const
const ofAuth: Readonly<Record<CompiledMethod['auth'], readonly ErrorName[]>> = {
  app: ['SIGNATURE_MISSING', 'SIGNATURE_INVALID'],
  'app-or-permission': ['SIGNATURE_INVALID', ...ofTokens, 'PERMISSION_DENIED'],
  user: ofTokens,
  permission: [...ofTokens, 'PERMISSION_DENIED'],
  optional: ['TOKEN_BROKEN', 'TOKEN_EXPIRED'],
  none: [],
  console: ['LOGIN_REQUIRED', 'PERMISSION_DENIED'],
}

/** The errors that a method's contract and its definition name; its handler may throw others. */
export function listKnownErrors({ name, auth, trust, limit }: CompiledMethod): ErrorName[] {
  const document = inlineDefinitions(contractDocuments[name], sharedDefinitions)
  const ofParameters = Object.values(document.properties).flatMap((schema) => {
    const preset = schema['x-label'] !== undefined && !document['x-list'] ? 'FIELD_REFUSED' : 'PARAM_ERROR'
    return [schema['x-missing'] ?? preset, schema['x-invalid'] ?? preset]
  })
  const known = [
    ...ofAuth[auth],
    ...ofParameters,
    ...(trust === 'server' ? ['PERMISSION_DENIED'] : []),
    ...(trust !== undefined && trust !== 'server' ? ['LOGIN_REQUIRED'] : []),
    ...(limit ? ['TOO_MANY_REQUESTS'] : []),
    ...(document['x-example-error'] === undefined ? [] : [document['x-example-error']]),
  ]
  return [...new Set(known)].filter(isErrorName)
}
