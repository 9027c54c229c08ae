import type { Services } from '../services/services.js'
import { type Passage, seenCallOf } from './passage.js'

/** Counts who calls what, and which parameters on their way out are sent (`cli callers`). The console's calls are none. */
export function countCaller(passage: Passage, { callers }: Services): void {
  const { method, incoming } = passage
  if (incoming.console) return
  const call = seenCallOf(passage)
  callers.count(call)
  for (const [name, spellings] of method.contract.deprecatedParameters)
    if (spellings.some((spelling) => incoming.params[spelling] !== undefined))
      callers.countFinding(call, `deprecated:${name}`)
}
