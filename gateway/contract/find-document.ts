import type { ContractDocument } from '../../schemas/contract-document.js'
import { contractDocuments, type Contracts } from '../../schemas/contracts.js'

/** The contract of a method by its wire name, not an alias; undefined for what is none of ours. */
export function findContractDocument(name: string): ContractDocument | undefined {
  return Object.hasOwn(contractDocuments, name) ? contractDocuments[name as keyof Contracts] : undefined
}
