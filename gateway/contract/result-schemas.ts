import fastJsonStringify from 'fast-json-stringify'
import type { ContractDocument, JsonSchema } from '../../schemas/contract-document.js'

/** Writes results as JSON with exactly the declared fields; undefined for a contract that declares none. */
export function compileSerialiser(document: ContractDocument): ((result: unknown) => string) | undefined {
  if (document['x-batch']) return joinTexts
  const result = document.$defs?.result
  return result && fastJsonStringify(inDeclaredOrder(result))
}

/** The list of texts that are JSON already: the envelopes of a batch. */
function joinTexts(texts: unknown): string {
  return Array.isArray(texts) ? `[${texts.join(',')}]` : '[]'
}

/** The serialiser writes required fields first; without them it keeps the order of the contract, as the wire does. */
function inDeclaredOrder(schema: JsonSchema): Parameters<typeof fastJsonStringify>[0] {
  return JSON.parse(
    JSON.stringify(schema, (key, value) => (key === 'required' && Array.isArray(value) ? undefined : value)),
  )
}

/** The same schema refusing undeclared fields at every level. */
export function closeObjects(schema: JsonSchema): JsonSchema {
  const closed = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(closed)
    if (node === null || typeof node !== 'object') return node
    const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]))
    return 'properties' in node ? { additionalProperties: false, ...copy } : copy
  }
  return closed(schema) as JsonSchema
}
