import type { ContractDocument } from '../../schemas/contract-document.js'
import { contractDocuments } from '../../schemas/contracts.js'
import type { CompiledMethod } from '../contract/compile-table.js'
import { describeAnswers } from './answers.js'
import { errorCauses } from './error-causes.js'
import { type Envelope, listKnownErrors } from './errors.js'
import { isErrorName } from '../outcome/catalogue.js'
import type { Operation, PathItem } from './objects.js'
import { describeBody, describeOthers, describeQuery } from './parameters.js'
import { describeNeed, describeSecurity } from './security.js'

/**
 * The paths that a method answers on under one of its names: `/gateway/NAME`, and its REST path where it has one. A batch
 * is a body: it has no other verb.
 */
export function describePaths(method: CompiledMethod, name: string): [string, PathItem][] {
  const verbs = method.answers === 'batch' ? ['POST'] : ['GET', 'POST']
  const gateway = describePath(method, { name, verbs, envelope: 'passport' })
  const isRest = /^(front|manage)\./.test(name)
  const rest = { name, verbs: method.verbs, envelope: 'account' } as const
  return [
    [`/gateway/${name}`, gateway],
    ...(isRest ? [[`/${name.replaceAll('.', '/')}`, describePath(method, rest)] as [string, PathItem]] : []),
  ]
}

/** One of the ways to a method. */
interface Way {
  readonly name: string
  readonly verbs: readonly string[]
  readonly envelope: Envelope
}

function describePath(method: CompiledMethod, way: Way): PathItem {
  const document = contractDocuments[method.name]
  return {
    ...(way.verbs.includes('GET') ? { get: describeOperation({ method, document, way, verb: 'get' }) } : {}),
    ...(way.verbs.includes('POST')
      ? { post: describeOperation({ method, document, way, verb: 'post' }) }
      : {}),
  }
}

interface Described {
  readonly method: CompiledMethod
  readonly document: ContractDocument
  readonly way: Way
  readonly verb: 'get' | 'post'
}

function describeOperation({ method, document, way, verb }: Described): Operation {
  const { name, envelope } = way
  const isRest = envelope === 'account'
  const body = verb === 'post' ? describeBody(document) : undefined
  const inQuery = verb === 'get' || document['x-text-body'] ? describeQuery(document) : []
  return {
    operationId: [...(isRest ? ['rest'] : []), name, ...(verb === 'post' ? ['post'] : [])].join('.'),
    tags: [name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : name],
    summary: document.title,
    ...(document['x-deprecated'] && { deprecated: true }),
    description: describeMethod(method, document, name),
    security: describeSecurity(method),
    parameters: [...inQuery, ...describeOthers(document, isRest)],
    ...(body ? { requestBody: body } : {}),
    responses: describeAnswers(method, document, envelope),
    'x-summary-en': document['x-title-en'] ?? method.name,
    'x-method': method.name,
    'x-errors': listKnownErrors(method),
    'x-example-answer': document['x-example-error'] ?? 'success',
  }
}

function describeDeprecation({ 'x-deprecated': deprecation }: ContractDocument): string | undefined {
  if (!deprecation) return undefined
  const { since, sunset, instead } = deprecation
  const end = sunset === undefined ? '' : `, and may stop answering on ${sunset}`
  return `Deprecated since ${since}${end}.${instead === undefined ? '' : ` Call \`${instead}\` instead.`}`
}

function describeMethod(method: CompiledMethod, document: ContractDocument, name: string): string {
  const { limit } = method
  const error = document['x-example-error'] ?? ''
  const errors = listKnownErrors(method)
  const aliases = document['x-aliases'] ?? []
  const lines = [
    document.description,
    describeDeprecation(document),
    describeNeed(method),
    limit && `At most ${limit.points} calls in ${limit.seconds} seconds by ${limit.by}.`,
    name === method.name
      ? aliases.length > 0 && `Also called ${aliases.map((alias) => `\`${alias}\``).join(', ')}.`
      : `The same as \`${method.name}\`.`,
    errors.length > 0 &&
      `Errors, besides those of what it does: ${errors.map((key) => `\`${key}\``).join(', ')}.`,
    isErrorName(error) && `The example is answered with \`${error}\`: ${errorCauses[error]}.`,
  ]
  return lines.filter(Boolean).join('\n\n')
}
