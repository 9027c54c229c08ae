import type { Knex } from 'knex'
import {
  addCredentialCallers,
  type CredentialCallerRow,
  trimCredentialCallers,
} from '../../../db/credential-callers.js'
import { transaction } from '../../../db/transaction.js'
import type { Clock } from '../clock.js'
import { networkKey } from '../limits/limit-key.js'
import { describeError, type Log } from './log.js'

/** A call with a password in its query. */
interface CredentialCall {
  readonly method: string
  /** Undefined where nobody signed. */
  readonly app: string | undefined
  readonly ip: string
  /** As the client says. */
  readonly version: string | undefined
}

/** Who calls with a password in the query. What is counted in memory reaches the table of all nodes in batches. */
export interface CredentialCallers {
  count(call: CredentialCall): void
  /** Writes what was counted since the last time. */
  flush(): Promise<void>
  /** Writes the rest; no longer by itself. */
  close(): Promise<void>
}

const flushMilliseconds = 10_000
/** Callers that a process tells apart between two batches; the rest of each method is counted in one row. */
const mostCounted = 1000
/** Rows of one application; those seen longest ago make room. */
const mostRows = 500
/** As wide as the column. */
const mostVersion = 32

export function createCredentialCallers({
  db,
  clock,
  log,
}: {
  readonly db: Knex
  readonly clock: Clock
  readonly log: Log
}): CredentialCallers {
  let counted = new Map<string, CredentialCallerRow>()
  const add = (seen: CredentialCallerRow) => {
    const isOver = counted.size >= mostCounted && !counted.has(keyOf(seen))
    const row = isOver ? { ...seen, network: '', client_version: '' } : seen
    const { calls = 0, first_seen_at = row.first_seen_at } = counted.get(keyOf(row)) ?? {}
    counted.set(keyOf(row), { ...row, calls: calls + row.calls, first_seen_at })
  }
  const flush = async () => {
    const rows = [...counted].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row)
    if (rows.length === 0) return
    counted = new Map()
    try {
      await transaction({ db }, ({ db }) => write(db, rows))
    } catch (error) {
      for (const row of rows) add(row)
      throw error
    }
  }
  const flushOrTell = () =>
    flush().catch((error: unknown) =>
      log.warn(
        { reason: String(describeError(error)['code']) },
        'calls with passwords in the query could not be counted',
      ),
    )
  const timer = setInterval(() => void flushOrTell(), flushMilliseconds)
  timer.unref()
  return {
    count: (call) => add(rowOf(call, clock.now())),
    flush,
    async close() {
      clearInterval(timer)
      await flushOrTell()
    },
  }
}

async function write(db: Knex, rows: readonly CredentialCallerRow[]): Promise<void> {
  await addCredentialCallers(db, rows)
  for (const app of new Set(rows.map(({ app_name }) => app_name)))
    await trimCredentialCallers(db, app, mostRows)
}

function rowOf({ method, app, ip, version = '' }: CredentialCall, now: number): CredentialCallerRow {
  return {
    app_name: app ?? 'none',
    method,
    network: networkKey(ip),
    // What a stranger wrote: only what a version is made of.
    client_version: version.replaceAll(/[^\w.:+-]/g, '').slice(0, mostVersion),
    calls: 1,
    first_seen_at: now,
    last_seen_at: now,
  }
}

function keyOf({ app_name, method, network, client_version }: CredentialCallerRow): string {
  return `${app_name} ${method} ${network} ${client_version}`
}
