import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { isLost } from './unavailable.js'

/** How long work whose connection broke is begun anew on another: about what a balancer takes to find out. */
const mostMilliseconds = 2000

/** On errors of work that was begun anew in vain, so that whoever called for it does not begin too. */
const inVain = Symbol('begun anew in vain')

/**
 * Does some work, and does it again while its connection breaks or its server is going: a new connection may lead to
 * the server's successor. However long it had waited before: a balancer needs seconds to find out that a server stands
 * still. `mayRepeat` says whether another try would do nothing twice.
 *
 * @throws what the work threw last
 */
export async function untilReached<Result>(
  work: () => PromiseLike<Result>,
  mayRepeat: (error: unknown) => boolean,
): Promise<Result> {
  let end: number | undefined
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isLost(error) || !mayRepeat(error)) throw error
      const now = Date.now()
      end ??= now + mostMilliseconds
      if (now > end || inVain in Object(error)) throw Object.assign(Object(error), { [inVain]: true })
      await sleep(randomInt(20, 200))
    }
  }
}
