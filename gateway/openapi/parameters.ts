import { type ContractDocument, inlineDefinitions, type JsonSchema } from '../../schemas/contract-document.js'
import { sharedDefinitions } from '../../schemas/contracts.js'
import { bothSpellings } from '../contract/contract.js'
import { exampleOf } from './examples.js'
import type { MediaType, ParameterObject, RequestBody } from './objects.js'
import { describeFields, describeSchema, refToSchema } from './schemas.js'

const text = { type: 'string' }

/** What every list takes besides its declared parameters (account.md §3). */
const listParameters: readonly ParameterObject[] = [
  ['order[0].sidx', 'a further column to sort by, after `sidx`; up to `order[9]`'],
  ['order[0].sort', '`asc`, anything else descending'],
  ['like[0].column', 'a column that is to hold a text; up to `like[9]`'],
  ['like[0].like', 'the text'],
].map(([name = '', description = '']) => ({ name, in: 'query', description, schema: text }))

const jsonpParameters: readonly ParameterObject[] = [
  {
    name: 'return_type',
    in: 'query',
    description: '`jsonp`: the answer is a script that calls `callback`',
    schema: text,
  },
  {
    name: 'callback',
    in: 'query',
    description: '1 to 64 letters, digits, `_`, `$` or `.`',
    schema: { ...text, pattern: '^[\\w$.]{1,64}$' },
  },
]

/** What a method takes where its parameters stand in the query. */
export function describeQuery(document: ContractDocument): ParameterObject[] {
  const example = exampleOf(document)
  return [
    ...Object.entries(document.properties).map(([name, schema]) =>
      describeParameter({ document, name, schema, example: example[name] }),
    ),
    ...(document['x-list'] ? listParameters : []),
  ]
}

interface DeclaredParameter {
  readonly document: ContractDocument
  readonly name: string
  readonly schema: JsonSchema
  readonly example: unknown
}

function describeParameter({ document, name, schema, example }: DeclaredParameter): ParameterObject {
  const { description: _, ...described } = describeSchema(schema)
  const meaning = inlineDefinitions(schema, sharedDefinitions).description
  const others = spellingsOf(document, name).filter((spelling) => spelling !== name)
  const spelled = others.map((spelling) => `also spelled \`${spelling}\``)
  const description = [meaning, ...spelled].filter(Boolean).join('; ')
  return {
    name,
    in: 'query',
    description,
    ...(document.required.includes(name) ? { required: true } : {}),
    schema: described,
    ...(example === undefined ? {} : { example }),
  }
}

/** The account APIs read both; the gateway's own methods one. */
function spellingsOf({ $id }: ContractDocument, name: string): readonly string[] {
  return /^(front|manage)\./.test($id) ? bothSpellings(name) : [name]
}

/** What the request brings besides its parameters, wherever these stand. */
export function describeOthers(document: ContractDocument, isRest: boolean): ParameterObject[] {
  const cookie = document['x-cookie']
  return [
    ...(cookie === undefined
      ? []
      : [
          { name: cookie, in: 'cookie', description: 'what an answer before has set', schema: text } as const,
        ]),
    ...(document['x-stream']
      ? [
          {
            name: 'Last-Event-ID',
            in: 'header',
            description: 'id of the last event that was read',
            schema: text,
          } as const,
        ]
      : []),
    ...(document['x-jsonp'] && !isRest ? jsonpParameters : []),
  ]
}

/** A body with the parameters, in each of the forms that are read. */
export function describeBody(document: ContractDocument): RequestBody | undefined {
  const file = document['x-file']
  if (document['x-text-body']) return { required: true, content: { 'text/xml': { schema: text } } }
  if (file !== undefined) {
    const { properties, ...fields } = describeFields(document)
    const picture = { type: 'string', contentMediaType: 'application/octet-stream' }
    const schema = { ...fields, properties: { ...(properties as object), [file]: picture }, required: [file] }
    return { required: true, content: { 'multipart/form-data': { schema } } }
  }
  if (Object.keys(document.properties).length === 0) return undefined
  const schema = refToSchema(`${document.$id}.params`)
  const example = exampleOf(document)
  const media: MediaType = { schema, example }
  return {
    required: document.required.length > 0,
    content: { 'application/x-www-form-urlencoded': media, 'application/json': media },
  }
}
