import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRolledBack } from './unavailable.js'

/**
 * On three writers a row that a whole network shares may be another's a third of the time. With twice as many attempts,
 * such a cluster did not get over the loss of a node under load.
 */
const mostAttempts = 12
/** No attempt is begun later than this: whoever waits has waited for locks long enough. */
const mostMilliseconds = 10_000

/**
 * Does what the database takes as a whole or not at all: again, with jitter, as long as it was rolled back for another's
 * sake. Throws what the last attempt threw.
 */
export async function untilTaken<T>(work: () => PromiseLike<T>): Promise<T> {
  const end = Date.now() + mostMilliseconds
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt >= mostAttempts || Date.now() > end || !isRolledBack(error)) throw error
      await sleep(randomInt(2, 10 * 2 ** Math.min(attempt, 5)))
    }
  }
}
