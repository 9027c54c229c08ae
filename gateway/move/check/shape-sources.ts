import {
  type ContractDocument,
  inlineDefinitions,
  type JsonSchema,
} from '../../../schemas/contract-document.js'
import { contractDocuments, sharedDefinitions } from '../../../schemas/contracts.js'
import type { MethodName } from '../../contract/method.js'
import { documentedData } from './documents.js'
import type { Shape, TextForm } from './shape.js'

/** A method's contract without references. */
export function contractOf(name: MethodName): ContractDocument {
  return inlineDefinitions<ContractDocument>(contractDocuments[name], sharedDefinitions)
}

/**
 * What the data of a method's answer must look like: by its documented example, and by its contract. Where an example
 * names the fields that there are, the contract alone demands none more.
 */
export function shapesOf(name: MethodName): readonly Shape[] {
  const isAccount = /^(?:front|manage)\./.test(name)
  const example = documentedData(isAccount ? `/${name.replaceAll('.', '/')}` : name)
  const result = contractOf(name).$defs?.result
  const documented = example === undefined ? [] : [shapeOfExample(example, isAccount)]
  if (result === undefined) return documented
  return [...documented, shapeOfSchema(result, { isOrdered: !isAccount, isOpen: documented.length > 0 })]
}

interface SchemaUse {
  /** Passport's fields have an order, those of the account APIs have none. */
  readonly isOrdered: boolean
  /** Whether fields may be missing. */
  readonly isOpen: boolean
}

function shapeOfSchema(schema: JsonSchema, use: SchemaUse): Shape {
  const { type, properties = {}, required = [], items } = schema
  const fields = Object.entries(properties).map(([name, field]) => [name, shapeOfSchema(field, use)] as const)
  return {
    types: schema.anyOf === undefined && type !== undefined ? [type].flat() : [],
    fields: Object.fromEntries(fields),
    required: use.isOpen ? [] : required,
    isOrdered: use.isOrdered,
    ...(items && { items: shapeOfSchema(items, use) }),
    form: formOfSchema(schema),
    values: schema.enum,
  }
}

function formOfSchema({ format, description = '' }: JsonSchema): TextForm | undefined {
  if (format === 'date-time' || format === 'date') return format
  return description.startsWith('yyyy-MM-dd HH:mm:ss') ? 'date-time' : undefined
}

/** Of a documented value only what can be said of any other: its type, the way in which it is written, its fields. */
function shapeOfExample(value: unknown, isAccount: boolean): Shape {
  const orNull = (type: string) => (isAccount ? [type, 'null'] : [type])
  if (Array.isArray(value))
    return { types: ['array'], ...(value.length > 0 && { items: shapeOfExample(value[0], isAccount) }) }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(
      ([name, field]) => [name, shapeOfExample(field, isAccount)] as const,
    )
    if (fields.length === 0 && isAccount) return { types: [] }
    // Of the card the next level is missing where there is none (passport.md §6).
    const required = Object.keys(value).filter((name) => name !== 'nextVipInfo')
    return { types: orNull('object'), fields: Object.fromEntries(fields), required, isOrdered: !isAccount }
  }
  if (typeof value === 'number')
    return { types: orNull(Number.isInteger(value) && !isAccount ? 'integer' : 'number') }
  if (typeof value !== 'string') return { types: value === null ? [] : orNull(typeof value) }
  return { types: orNull('string'), form: formOfExample(value) }
}

function formOfExample(text: string): TextForm | undefined {
  if (/^\d+\.\d+$/.test(text)) return 'double'
  if (/^\d+$/.test(text)) return 'digits'
  return /^\d{4}-\d\d-\d\d(?:T| \d\d:)/.test(text) ? 'date-time' : undefined
}
