import {
  type ContractDocument,
  definitionPrefix,
  inlineDefinitions,
  type JsonSchema,
} from '../../schemas/contract-document.js'
import { sharedDefinitions } from '../../schemas/contracts.js'
import type { SchemaObject } from './objects.js'

const componentPrefix = '#/components/schemas/'

/** What may stand beside a reference without narrowing what it refers to. */
const annotation = /^(description|examples|default|x-.*)$/

/** The forms of dates are our own (account.md §3): those of `format` would refuse them. */
const dateForms: Readonly<Record<string, string>> = {
  date: 'yyyy-MM-dd',
  'date-time': 'yyyy-MM-dd HH:mm:ss',
}

export function refToSchema(name: string): { readonly $ref: string } {
  return { $ref: `${componentPrefix}${name}` }
}

/** A schema of a contract as OpenAPI has it: shared definitions are components. */
export function describeSchema(schema: JsonSchema): SchemaObject {
  const { $ref, ...own } = schema
  if ($ref !== undefined) {
    const isNarrower = Object.keys(own).some((key) => !annotation.test(key))
    if (isNarrower) return describeSchema(inlineDefinitions(schema, sharedDefinitions))
    return { ...refToSchema($ref.slice(definitionPrefix.length)), ...own }
  }
  const { format, ...described } = Object.fromEntries(
    Object.entries(own).map(([key, value]) => [key, describeKeyword(key, value)]),
  )
  if (typeof format !== 'string') return described
  const form = dateForms[format] ?? format
  return { ...described, description: [own.description, form].filter(Boolean).join('; ') }
}

function describeKeyword(key: string, value: unknown): unknown {
  if (key === 'properties')
    return Object.fromEntries(
      Object.entries(value as Record<string, JsonSchema>).map(([name, of]) => [name, describeSchema(of)]),
    )
  if (key === 'items' || (key === 'additionalProperties' && typeof value === 'object'))
    return describeSchema(value as JsonSchema)
  if (/^(any|one|all)Of$/.test(key)) return (value as JsonSchema[]).map(describeSchema)
  return value
}

/** The parameters of a method as the fields of one object, as a form or JSON has them. */
export function describeFields({ properties, required }: ContractDocument): SchemaObject {
  const fields = Object.entries(properties).map(([name, schema]) => [name, describeSchema(schema)])
  return {
    type: 'object',
    properties: Object.fromEntries(fields),
    ...(required.length > 0 ? { required } : {}),
  }
}

/** The shared definitions that a description refers to, and those which these refer to. */
export function describeDefinitions(text: string): Record<string, SchemaObject> {
  const found: Record<string, SchemaObject> = {}
  const visit = (json: string): void => {
    for (const [, name = ''] of json.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      const definition = sharedDefinitions[name]
      if (definition === undefined || name in found) continue
      const described = describeSchema(definition)
      found[name] = described
      visit(JSON.stringify(described))
    }
  }
  visit(text)
  return Object.fromEntries(Object.entries(found).sort(([left], [right]) => (left < right ? -1 : 1)))
}
