import type { Log } from './telemetry/log.js'

interface Keeping {
  /** Milliseconds between two reads. */
  readonly every: number
  readonly log: Log
  /** What the log is told when a read fails. */
  readonly failure: string
}

/**
 * Reads a list that is held in memory, now and again and again until it is closed. While the database is away, what was
 * read last stays in force. Throws where the first read fails.
 */
export async function keepReading(
  read: () => Promise<void>,
  { every, log, failure }: Keeping,
): Promise<{ readonly close: () => void }> {
  await read()
  const timer = setInterval(() => {
    read().catch((error: unknown) => log.warn({ error }, failure))
  }, every)
  timer.unref()
  return { close: () => clearInterval(timer) }
}
