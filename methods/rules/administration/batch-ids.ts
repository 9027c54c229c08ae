import { GatewayError } from '../../../gateway/outcome/errors.js'

/** The ids of a parameter that takes several, separated by commas. Throws PARAM_ERROR for what no id can be. */
export function readBatchIds(name: string, text: string): number[] {
  const ids = text.split(',').map(Number)
  if (!ids.every(Number.isSafeInteger))
    throw new GatewayError('PARAM_ERROR', { detail: `${name}: ids of at most ${Number.MAX_SAFE_INTEGER}` })
  return ids
}
