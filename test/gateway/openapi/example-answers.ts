import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { OpenApiDocument, SchemaObject } from '../../../gateway/openapi/objects.js'
import { catalogue, isErrorName } from '../../../gateway/outcome/catalogue.js'
import type { HttpAnswer } from '../../fetch-answer.js'
import type { Example } from './example-calls.js'

/** Says what is wrong with an example's answer, by what the description has of it. */
export type AnswerCheck = (example: Example, answer: HttpAnswer) => string | undefined

/** Told of every password in a query, which is no fault of the answer. */
const passwordInQuery = 'is a password, and belongs into the body of a POST'

export function createAnswerCheck(description: OpenApiDocument): AnswerCheck {
  const ajv = new Ajv2020({ strict: false, validateSchema: false })
  const compiled = new Map<unknown, ValidateFunction>()
  const fitOf = (schema: SchemaObject): ValidateFunction => {
    const fits = compiled.get(schema) ?? ajv.compile(resolve(schema, description) as SchemaObject)
    compiled.set(schema, fits)
    return fits
  }
  return ({ operation, path }, { status, headers, text, json }) => {
    const detail = headers.get('x-error-detail') ?? ''
    const shown = `${status} ${text.slice(0, 200)} ${detail}`
    const expected = operation['x-example-answer']
    const envelope = path.startsWith('/gateway/') ? 'passport' : 'account'
    if (isErrorName(expected)) {
      const isNamed = envelope === 'passport' || json?.['error'] === expected
      const isIt = isNamed && json?.code === catalogue[expected][envelope][0]
      return isIt ? undefined : `${expected}, not ${shown}`
    }
    const response = operation.responses[status]
    if (response === undefined || '$ref' in response) return `a status that is not described: ${shown}`
    const type = headers.get('content-type')?.split(';')[0] ?? ''
    if (response.content === undefined)
      return text === '' ? undefined : `a body that is not described: ${shown}`
    const media = response.content[type]
    if (media === undefined) return `a type that is not described, ${type}: ${shown}`
    if (type !== 'application/json') return undefined
    if (json?.['code'] !== 200 && json?.['status'] !== 200) return `success, not ${shown}`
    if (detail !== '' && !detail.endsWith(passwordInQuery)) return shown
    const fits = fitOf(media.schema)
    return fits(json) ? undefined : `${ajv.errorsText(fits.errors)}: ${shown}`
  }
}

/** A schema without references: the whole description would be read again for each that is compiled. */
function resolve(node: unknown, description: OpenApiDocument): unknown {
  if (Array.isArray(node)) return node.map((item) => resolve(item, description))
  if (typeof node !== 'object' || node === null) return node
  const { $ref, ...own } = node as { $ref?: unknown }
  if (typeof $ref !== 'string')
    return Object.fromEntries(Object.entries(own).map(([key, value]) => [key, resolve(value, description)]))
  const target = description.components.schemas[$ref.slice('#/components/schemas/'.length)]
  return { ...(resolve(target, description) as object), ...own }
}
