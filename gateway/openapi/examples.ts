import { type ContractDocument, inlineDefinitions } from '../../schemas/contract-document.js'
import { sharedDefinitions } from '../../schemas/contracts.js'

/**
 * The parameters of a call to try: the contract's own first example or, where it has none, the first of each required
 * parameter.
 */
export function exampleOf(document: ContractDocument): Readonly<Record<string, unknown>> {
  const own = document.examples?.[0]
  if (own) return own
  const { properties } = inlineDefinitions(document, sharedDefinitions)
  return Object.fromEntries(document.required.map((name) => [name, properties[name]?.examples?.[0]]))
}
