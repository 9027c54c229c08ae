import type { Services } from '../services/services.js'
import type { Passage } from './passage.js'

/**
 * Holds a result against its contract while people work on it: in tests one that does not fit throws, in development
 * the log and the answer's header say what is wrong. In production the serialiser alone drops undeclared fields.
 */
export function checkResult(passage: Passage, { config, log }: Services): void {
  if (config.environment === 'production') return
  const { method, result, incoming } = passage
  const problem = method.contract.findResultProblem(result)
  if (problem === undefined) return
  if (config.environment === 'test')
    throw new Error(`${method.name} answered what its contract does not declare: ${problem}`)
  passage.resultProblem = problem
  const { requestId } = incoming.head
  log.warn({ requestId, method: method.name, reason: problem }, 'a result is not what its contract declares')
}
