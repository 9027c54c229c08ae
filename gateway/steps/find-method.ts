import type { CompiledMethod, CompiledTable } from '../contract/compile-table.js'
import { GatewayError } from '../outcome/errors.js'
import type { Services } from '../services/services.js'
import type { Arrival } from './passage.js'

/**
 * The step that finds the method of a wire name; case counts. Methods of the console exist for nobody else. Throws
 * METHOD_NOT_FOUND, or BROWNED_OUT for a method that answers nobody for a while.
 */
export function findMethodIn(table: CompiledTable) {
  return (passage: Arrival, services: Services): void => {
    const { method: name, console } = passage.incoming
    passage.method = (console ? table.ofConsole : table.byName).get(name)
    if (passage.method) return refuseBrownOut(passage.method, services)
    const detail = name === '' ? 'method: the name of a method' : 'method: no such method'
    throw new GatewayError('METHOD_NOT_FOUND', { detail })
  }
}

function refuseBrownOut({ name }: CompiledMethod, { brownOuts, clock }: Services): void {
  const end = brownOuts.endOf(name)
  if (end !== undefined)
    throw new GatewayError('BROWNED_OUT', { retryAfter: Math.ceil((end - clock.now()) / 1000) })
}
