import type { CompiledMethod, CompiledTable } from '../contract/compile-table.js'
import { GatewayError } from '../outcome/errors.js'

/** The method of a wire name; case counts. Throws METHOD_NOT_FOUND. */
export function findMethod(table: CompiledTable, name: string): CompiledMethod {
  const method = table.byName.get(name)
  if (!method) {
    const detail = name === '' ? 'method: the name of a method' : 'method: no such method'
    throw new GatewayError('METHOD_NOT_FOUND', { detail })
  }
  return method
}
