import type { Services } from '../services/services.js'
import type { Passage } from './passage.js'

/**
 * In tests a result that is not the contract's throws; in operation the serialiser writes the declared fields and
 * nothing else.
 */
export function checkResult({ method, result }: Passage, { config }: Services): void {
  if (config.environment !== 'test') return
  const problem = method.contract.findResultProblem(result)
  if (problem) throw new Error(`${method.name} answered what its contract does not declare: ${problem}`)
}
