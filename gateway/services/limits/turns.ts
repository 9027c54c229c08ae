import { GatewayError } from '../../outcome/errors.js'

/** Lets work that belongs to one key run one after the other within this process. */
export interface Turns {
  /** Throws CONTENTION when too much waits for the same key already. */
  take<T>(key: string, work: () => Promise<T>): Promise<T>
}

/** `most`: how much work may wait for one key. */
export function createTurns(most: number): Turns {
  const lines = new Map<string, { last: Promise<unknown>; length: number }>()
  return {
    async take(key, work) {
      const line = lines.get(key) ?? { last: Promise.resolve(), length: 0 }
      if (line.length > most) throw new GatewayError('CONTENTION', { retryAfter: 1 })
      lines.set(key, line)
      line.length++
      const turn = line.last.then(work)
      line.last = turn.catch(() => {})
      try {
        return await turn
      } finally {
        if (--line.length === 0) lines.delete(key)
      }
    },
  }
}
