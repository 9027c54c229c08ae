import type { Knex } from 'knex'
import { listBrownOuts } from '../../../db/brown-outs.js'
import type { Clock } from '../clock.js'
import { keepReading } from '../kept-list.js'
import type { Log } from '../telemetry/log.js'

/** Methods that do not answer for a while (`cli method brownout`); held in memory and refreshed from the database. */
export interface BrownOuts {
  /** When the method answers again (ms); undefined: it does. */
  endOf(method: string): number | undefined
  close(): void
}

const refreshMilliseconds = 1000

export async function createBrownOuts({
  db,
  clock,
  log,
}: {
  db: Knex
  clock: Clock
  log: Log
}): Promise<BrownOuts> {
  let ends: ReadonlyMap<string, number> = new Map()
  const refresh = async () => {
    const rows = await listBrownOuts(db, clock.now())
    ends = new Map(rows.map(({ method, expires_at }) => [method, expires_at]))
  }
  const keeping = {
    every: refreshMilliseconds,
    log,
    failure: 'the list of methods that do not answer could not be refreshed',
  }
  const { close } = await keepReading(refresh, keeping)
  return {
    endOf(method) {
      if (ends.size === 0) return undefined
      const end = ends.get(method)
      return end !== undefined && end > clock.now() ? end : undefined
    },
    close,
  }
}
