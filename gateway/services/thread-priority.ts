import { constants, getPriority, setPriority } from 'node:os'

/** By so much what Linux calls nice is raised: such a thread has a tenth of the time that another one has where both want a core. */
const nicer = 10
const nicest = constants.priority.PRIORITY_LOW

/**
 * Lets every other thread of this process go first, for as long as the calling thread lives. Linux gives a thread a priority of
 * its own; elsewhere it would be the whole process's, and nothing is done. Where a sandbox forbids it, all threads stay alike.
 */
export function letOthersGoFirst(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(Math.min(getPriority() + nicer, nicest))
  } catch {
    // A thread that goes with the others is better than none.
  }
}
