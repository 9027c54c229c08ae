import { setPriority } from 'node:os'

/** What Linux calls nice: such a thread has a tenth of the time that another one has where both want a core. */
const nice = 10

/**
 * Lets every other thread of this process go first, for as long as the calling thread lives. Linux gives a thread a priority of
 * its own; elsewhere it would be the whole process's, and nothing is done.
 */
export function letOthersGoFirst(): void {
  if (process.platform === 'linux') setPriority(nice)
}
