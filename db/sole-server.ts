import { connect, type DatabaseTarget } from './connect.js'

/** Another server runs on the same SQLite file. */
export class DatabaseHeldError extends Error {
  override readonly name = 'DatabaseHeldError'
}

/**
 * Makes this process the only server on an SQLite file, until it ends, however it ends: a second one would count
 * limits and keep sessions by itself. The lock is the system's, on a file beside the database; commands take no part
 * in it. Waits 5 seconds for a server that is about to end. Throws DatabaseHeldError.
 */
export async function becomeSoleServer(target: DatabaseTarget): Promise<void> {
  if (target.kind !== 'sqlite' || target.file === ':memory:') return
  const lock = connect({ kind: 'sqlite', file: `${target.file}-server` })
  try {
    // On the pool's one connection, and open until the process ends.
    await lock.raw('BEGIN EXCLUSIVE')
  } catch (error) {
    await lock.destroy()
    if (!(error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY')) throw error
    throw new DatabaseHeldError(
      `another server runs on ${target.file}; SQLite is for one, so stop that or use MySQL/MariaDB`,
      { cause: error },
    )
  }
}
