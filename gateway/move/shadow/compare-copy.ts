import { compareLiveAnswers } from '../compare/compare-live-answers.js'
import type { Noise } from '../compare/noise.js'
import type { SentCall } from '../replay/send-call.js'
import type { Tally } from '../report/tally.js'
import type { Exchange } from '../traffic/exchange.js'
import type { RecordedCall } from '../traffic/recorded-call.js'
import type { Redaction } from '../traffic/redaction.js'
import { rewriteAnswer } from '../traffic/rewrite.js'
import type { LiveValues } from './live-values.js'

/** What comparing takes and adds to. */
export interface Comparing {
  readonly values: LiveValues
  readonly redaction: Redaction
  readonly noise: Noise
  readonly tally: Tally
  /** Whether every difference is learned as noise. */
  readonly learns: boolean
  /** How long after the old server the candidate has answered at most, in milliseconds. */
  readonly delay: { most: number }
}

interface AnsweredCall {
  readonly exchange: Exchange
  /** As a record would hold it. */
  readonly hidden: RecordedCall
}

interface Came {
  readonly sent: SentCall
  /** Whether the candidate has missed a write of the same user. */
  readonly isBehind: boolean
}

/** Counts in what the candidate's answer differs from the old server's. */
export function compareCopy(
  { exchange, hidden }: AnsweredCall,
  { sent, isBehind }: Came,
  { values, redaction, noise, tally, learns, delay }: Comparing,
): void {
  values.learn(exchange.answer, sent.answer)
  delay.most = Math.max(delay.most, Date.now() - exchange.at)
  const came = redaction.answer(inOldTerms(sent.answer, values))
  const differences = compareLiveAnswers(hidden.answer, came, delay.most)
  if (learns) for (const difference of differences) noise.learn(hidden.method, difference)
  const left = noise.without(hidden.method, differences)
  // A user whose writes did not all reach the candidate is another one there.
  if (isBehind && left.length > 0)
    tally.leftOut(hidden.method, 'it differs, and the candidate has missed a write of the same user')
  else tally.compared(hidden.method, left, { recorded: exchange.took, came: sent.took })
}

/** An answer of the candidate with the tokens and ids that the old server gave in the same places. */
function inOldTerms(answer: Exchange['answer'], values: LiveValues): Exchange['answer'] {
  const text =
    answer.body && rewriteAnswer(answer.body.toString('utf8'), (name, value) => values.oldFor(name, value))
  return text === undefined ? answer : { ...answer, body: Buffer.from(text) }
}
