import type { CompiledTable } from '../contract/compile-table.js'
import { GatewayError } from '../outcome/errors.js'
import type { Arrival } from './passage.js'

/**
 * The step that finds the method of a wire name; case counts. Methods of the console exist for nobody else. Throws
 * METHOD_NOT_FOUND.
 */
export function findMethodIn(table: CompiledTable) {
  return (passage: Arrival): void => {
    const { method: name, console } = passage.incoming
    passage.method = (console ? table.ofConsole : table.byName).get(name)
    if (passage.method) return
    const detail = name === '' ? 'method: the name of a method' : 'method: no such method'
    throw new GatewayError('METHOD_NOT_FOUND', { detail })
  }
}
