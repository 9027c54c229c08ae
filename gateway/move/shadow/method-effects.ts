import { contractDocuments } from '../../../schemas/contracts.js'
import type { ContractDocument } from '../../../schemas/contract-document.js'

/** What a call of a method does, as far as its contract tells. */
export interface MethodEffects {
  /** Whether it changes nothing. What no contract tells of counts as a write. */
  isSafe(method: string): boolean
  /** Whether it answers a stream that goes on. */
  isStream(method: string): boolean
}

export function readMethodEffects(): MethodEffects {
  const documents: readonly ContractDocument[] = Object.values(contractDocuments)
  const namesOf = (flag: 'x-safe' | 'x-stream') =>
    new Set(
      documents
        .filter((document) => document[flag] === true)
        .flatMap(({ $id, 'x-aliases': aliases = [] }) => [$id, ...aliases]),
    )
  const [safe, streams] = [namesOf('x-safe'), namesOf('x-stream')]
  return { isSafe: (method) => safe.has(method), isStream: (method) => streams.has(method) }
}
