import { GatewayError } from '../../../gateway/outcome/errors.js'

/**
 * Those of the given fields that a row does not hold already: the admin site sends whole rows back. Throws
 * OPERATION_FAILED when there is none.
 */
export function changedFields<Given extends object>(
  row: Readonly<Record<keyof Given, unknown>>,
  given: Given,
): Partial<Given> {
  const before = new Map<string, unknown>(Object.entries(row))
  const changed = Object.entries(given).filter(([name, value]) => before.get(name) !== value)
  if (changed.length === 0) throw new GatewayError('OPERATION_FAILED')
  return Object.fromEntries(changed) as Partial<Given>
}
