import type { IncomingMessage } from 'node:http'

/** How an exchange came to its end. */
export type ExchangeEnd = 'complete' | 'client gone' | 'upstream failed'

/** What looks at one exchange while it passes. It is told of bytes, and changes none. */
export interface ExchangeObserver {
  /** Bytes of the call's body, as they come. */
  called(bytes: Buffer): void
  /** The call is whole. */
  asked(): void
  /** The head of the answer, as the upstream sent it. */
  answered(answer: IncomingMessage): void
  /** Bytes of the answer's body, as they come. */
  answering(bytes: Buffer): void
  ended(end: ExchangeEnd): void
}

/**
 * Begins to look at a call; undefined for one that nobody wants to see. What an observer throws is told once and stops
 * all looking: the exchange goes on.
 */
export type Observe = (call: IncomingMessage) => ExchangeObserver | undefined

/** Which server answers a call. */
export type ChooseUpstream = (call: IncomingMessage) => URL

/** Both are told of the same exchange, where there are both. */
export function joinObservers(
  one: ExchangeObserver | undefined,
  other: ExchangeObserver | undefined,
): ExchangeObserver | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return {
    called: (bytes) => (one.called(bytes), other.called(bytes)),
    asked: () => (one.asked(), other.asked()),
    answered: (answer) => (one.answered(answer), other.answered(answer)),
    answering: (bytes) => (one.answering(bytes), other.answering(bytes)),
    ended: (end) => (one.ended(end), other.ended(end)),
  }
}

/** An observer that is called off for good by the first error of any exchange, which `failed` is told. */
export function guardObserver(observe: Observe, failed: (error: unknown) => void): Observe {
  let isOff = false
  const attempt = <T>(work: () => T): T | undefined => {
    if (isOff) return undefined
    try {
      return work()
    } catch (error) {
      isOff = true
      failed(error)
      return undefined
    }
  }
  return (call) => {
    const observer = attempt(() => observe(call))
    if (observer === undefined) return undefined
    return {
      called: (bytes) => attempt(() => observer.called(bytes)),
      asked: () => attempt(() => observer.asked()),
      answered: (answer) => attempt(() => observer.answered(answer)),
      answering: (bytes) => attempt(() => observer.answering(bytes)),
      ended: (end) => attempt(() => observer.ended(end)),
    }
  }
}
