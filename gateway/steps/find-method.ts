import type { CompiledTable } from '../contract/compile-table.js'
import { GatewayError } from '../outcome/errors.js'
import type { Arrival } from './passage.js'

/** The step that finds the method of a wire name; case counts. Throws METHOD_NOT_FOUND. */
export function findMethodIn(table: CompiledTable) {
  return (passage: Arrival): void => {
    const name = passage.incoming.method
    passage.method = table.byName.get(name)
    if (passage.method) return
    const detail = name === '' ? 'method: the name of a method' : 'method: no such method'
    throw new GatewayError('METHOD_NOT_FOUND', { detail })
  }
}
