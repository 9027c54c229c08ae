import type { Language } from '../words.js'
import {
  componentPrefix,
  type Description,
  type Media,
  type Operation,
  resolve,
  type Schema,
} from './openapi.js'

export interface Parameter {
  readonly name: string
  readonly meaning: string
  readonly required: boolean
  readonly schema: Schema
  readonly example: string
}

export interface ResultField {
  readonly path: string
  readonly form: string
  readonly meaning: string
}

export interface MethodError {
  readonly name: string
  readonly code: number
  readonly text: string
  readonly cause: string
  readonly fix: string
}

/** A method as the console shows it. */
export interface Method {
  readonly name: string
  readonly area: string
  readonly title: Readonly<Record<Language, string>>
  readonly text: string
  readonly verbs: readonly ('GET' | 'POST')[]
  readonly restPath: string | undefined
  readonly parameters: readonly Parameter[]
  readonly needsSignature: boolean
  readonly needsSession: boolean
  /** The fields of its result, those of objects within them by their paths: `items[].uid`. */
  readonly results: readonly ResultField[]
  readonly errors: readonly MethodError[]
  /** The field of an upload, and whether the answer is a stream: neither can be tried here. */
  readonly isUpload: boolean
  readonly isStream: boolean
}

const gatewayPath = /^\/gateway\/(.+)$/

/** All methods of a description, by name. */
export function readMethods(description: Description): Method[] {
  return Object.entries(description.paths)
    .flatMap(([path, item]) => {
      const [, name] = gatewayPath.exec(path) ?? []
      const operation = item.get ?? item.post
      return name === undefined || operation === undefined
        ? []
        : [readMethod(description, name, item, operation)]
    })
    .sort((left, right) => (left.name < right.name ? -1 : 1))
}

function readMethod(
  description: Description,
  name: string,
  item: Readonly<Partial<Record<'get' | 'post', Operation>>>,
  operation: Operation,
): Method {
  const rest = `/${name.replaceAll('.', '/')}`
  const restItem = description.paths[rest]
  const shown = restItem ?? item
  const content = item.post?.requestBody?.content ?? {}
  const isStream = operation.responses[200]?.content?.['text/event-stream'] !== undefined
  const schemes = operation.security.flatMap(Object.keys)
  return {
    name,
    area: operation.tags[0] ?? '',
    title: { zh: operation.summary, en: operation['x-summary-en'] },
    text: operation.description,
    verbs: (['GET', 'POST'] as const).filter((verb) => shown[verb.toLowerCase() as 'get' | 'post']),
    restPath: restItem ? rest : undefined,
    parameters: readParameters(description, operation, content['application/x-www-form-urlencoded']),
    needsSignature: schemes.includes('hmacSignature'),
    needsSession: schemes.includes('session'),
    results: listFields(description, { $ref: `${componentPrefix}${operation['x-method']}.result` }),
    errors: operation['x-errors'].flatMap((error) => readError(description, error)),
    isUpload: content['multipart/form-data'] !== undefined,
    isStream,
  }
}

/** Those of the query or, where a method takes none there, of the form. */
function readParameters(
  description: Description,
  operation: Operation,
  form: Media | undefined,
): Parameter[] {
  const examples = (form?.example ?? {}) as Readonly<Record<string, unknown>>
  const { properties = {}, required: needed = [] } = resolve(description, form?.schema ?? {})
  const inForm = Object.entries(properties).map(([name, schema]) => ({
    name,
    description: schema.description ?? '',
    required: needed.includes(name),
    schema,
    example: undefined,
  }))
  const inQuery = operation.parameters.filter((parameter) => parameter.in === 'query')
  return (inQuery.length > 0 ? inQuery : inForm).map((parameter) => ({
    name: parameter.name,
    meaning: parameter.description ?? '',
    required: parameter.required ?? false,
    schema: resolve(description, parameter.schema),
    example: asText(parameter.example ?? examples[parameter.name]),
  }))
}

/** How deep in a result fields are shown; what is deeper stands in the answer. */
const deepest = 4

function listFields(description: Description, schema: Schema, path = '', depth = 0): ResultField[] {
  const { items, properties = {} } = resolve(description, schema)
  if (depth > deepest) return []
  if (items) return listFields(description, items, `${path}[]`, depth)
  return Object.entries(properties).flatMap(([name, field]) => {
    const own = path === '' ? name : `${path}.${name}`
    const known = resolve(description, field)
    const shown = { path: own, form: formOf(known), meaning: known.description ?? '' }
    return [shown, ...listFields(description, field, own, depth + 1)]
  })
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function readError(description: Description, name: string): MethodError[] {
  const example = description.components.examples[`passport.${name}`]
  if (!example) return []
  const { code, message } = example.value
  const fix = example.description.replace(/^To do: /, '')
  return [{ name, code: Number(code), text: asText(message), cause: example.summary, fix }]
}

/** The form of a value in a few words: `integer ≥ 1`, `string ≤ 32`. */
export function formOf({ type, enum: values, pattern, ...bounds }: Schema): string {
  if (values) return values.map(asText).join(' | ')
  const least = bounds.minimum ?? bounds.minLength
  const most = bounds.maximum ?? bounds.maxLength
  return [
    [type].flat().join(' | ') || 'string',
    least ? `≥ ${least}` : '',
    most === undefined || most >= Number.MAX_SAFE_INTEGER ? '' : `≤ ${most}`,
    pattern ? `/${pattern}/` : '',
  ]
    .filter(Boolean)
    .join(' ')
}
