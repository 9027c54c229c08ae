import type { ExchangeObserver } from '../proxy/observer.js'
import { collectBody } from '../traffic/body-collector.js'
import { type Outcome, readOutcome, type ReadAnswer } from './outcome.js'
import type { Side } from './side.js'

/** Bytes of an answer above which its envelope is not read. */
const mostBody = 256 * 1024
/** Milliseconds after which a server that has not begun to answer is at fault, whoever leaves first. */
const patience = 5000

/** How a call came to its end at one side. */
export interface WatchedEnd extends Outcome {
  readonly side: Side
  readonly seconds: number
  /** Undefined where none came. */
  readonly answer: ReadAnswer | undefined
}

/** Looks at one call, at whichever side it ends. */
export interface WatchedCall {
  readonly observer: ExchangeObserver
  /** The new server has failed, and the old one is asked. */
  failOver(): void
}

/** `ended` is told of each side that was asked, unless the client has left before that could be said. */
export function watchCall(first: Side, ended: (end: WatchedEnd) => void): WatchedCall {
  let side = first
  let began = performance.now()
  let head: { status: number; headers: readonly string[] } | undefined
  const body = collectBody(mostBody)
  const seconds = () => (performance.now() - began) / 1000
  const tellError = () =>
    ended({ side, seconds: seconds(), isError: true, isSuccess: false, answer: undefined })
  return {
    failOver() {
      tellError()
      side = 'old'
      began = performance.now()
    },
    observer: {
      called() {},
      asked: () => void (began = performance.now()),
      answered: ({ statusCode = 0, rawHeaders }) => (head = { status: statusCode, headers: rawHeaders }),
      answering: (bytes) => body.add(bytes),
      ended(end) {
        if (end === 'upstream failed') return tellError()
        if (end === 'client gone') {
          if (head === undefined && seconds() * 1000 > patience) tellError()
          return
        }
        const answer = head === undefined ? undefined : { ...head, body: body.whole() }
        if (answer === undefined) return tellError()
        ended({ side, seconds: seconds(), answer, ...readOutcome(answer) })
      },
    },
  }
}
