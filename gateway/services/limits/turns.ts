import { GatewayError, isError } from '../../outcome/errors.js'

/** Lets work that belongs to one key run one after the other within this process. */
export interface Turns {
  /**
   * Throws CONTENTION when too much waits for the same key already, and UNAVAILABLE where it has waited for long behind
   * what then came to no answer: it would wait as long for the same.
   */
  take<T>(key: string, work: () => Promise<T>): Promise<T>
}

/** Milliseconds. */
const longWait = 2000

interface Line {
  /** Whether the last work came to an answer, be it a refusal. */
  last: Promise<boolean>
  length: number
}

/** `most`: how much work may wait for one key. */
export function createTurns(most: number): Turns {
  const lines = new Map<string, Line>()
  return {
    async take(key, work) {
      const line = lines.get(key) ?? { last: Promise.resolve(true), length: 0 }
      if (line.length > most) throw new GatewayError('CONTENTION', { retryAfter: 1 })
      lines.set(key, line)
      line.length++
      const came = performance.now()
      const turn = line.last.then((isAnswered) => {
        if (isAnswered || performance.now() - came < longWait) return work()
        throw new GatewayError('UNAVAILABLE', { retryAfter: 2 })
      })
      line.last = turn.then(() => true, isAnswer)
      try {
        return await turn
      } finally {
        if (--line.length === 0) lines.delete(key)
      }
    },
  }
}

const isAnswer = (error: unknown) => error instanceof GatewayError && !isError(error, 'UNAVAILABLE')
