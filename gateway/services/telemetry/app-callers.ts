import type { Knex } from 'knex'
import { addAppCallers, type AppCallerRow, trimAppCallers } from '../../../db/app-callers.js'
import { transaction } from '../../../db/transaction.js'
import type { Clock } from '../clock.js'
import { describeError, type Log } from './log.js'

/** Which applications call, and with which versions of their clients. Counted in memory, and written now and then. */
export interface AppCallers {
  /** @param version as the client says */
  count(app: string, version: string | undefined): void
  /** Writes what was counted since the last time. */
  flush(): Promise<void>
  /** Writes the rest; no longer by itself. */
  close(): Promise<void>
}

interface Seen {
  calls: number
  firstSeenAt: number
  lastSeenAt: number
}

const flushMilliseconds = 10_000
/** Versions of one application that a process tells apart between two batches; the rest is counted together. */
const mostVersions = 50
/** Rows of one application; those seen longest ago make room. */
const mostRows = 100
/** As wide as the column. */
const mostCharacters = 32

export function createAppCallers({
  db,
  clock,
  log,
}: {
  readonly db: Knex
  readonly clock: Clock
  readonly log: Log
}): AppCallers {
  let apps = new Map<string, Map<string, Seen>>()
  const add = (app: string, version: string, { calls, firstSeenAt, lastSeenAt }: Seen) => {
    let versions = apps.get(app)
    if (!versions) apps.set(app, (versions = new Map()))
    const known = versions.get(version)
    if (known) {
      known.calls += calls
      known.lastSeenAt = lastSeenAt
    } else if (version !== '' && versions.size >= mostVersions) {
      add(app, '', { calls, firstSeenAt, lastSeenAt })
    } else {
      versions.set(version, { calls, firstSeenAt, lastSeenAt })
    }
  }
  const flush = async () => {
    if (apps.size === 0) return
    const counted = apps
    apps = new Map()
    try {
      await transaction({ db }, ({ db }) => write(db, rowsOf(counted)))
    } catch (error) {
      for (const [app, versions] of counted) for (const [version, seen] of versions) add(app, version, seen)
      throw error
    }
  }
  const flushOrTell = () =>
    flush().catch((error: unknown) =>
      log.warn(
        { reason: String(describeError(error)['code']) },
        'callers of applications could not be counted',
      ),
    )
  const timer = setInterval(() => void flushOrTell(), flushMilliseconds)
  timer.unref()
  return {
    count(app, version) {
      const now = clock.now()
      const known = apps.get(app)?.get(version ?? '')
      if (known) {
        known.calls++
        known.lastSeenAt = now
      } else {
        add(app, versionOf(version), { calls: 1, firstSeenAt: now, lastSeenAt: now })
      }
    },
    flush,
    async close() {
      clearInterval(timer)
      await flushOrTell()
    },
  }
}

/** Of what a stranger wrote only what a version is made of. */
function versionOf(text = ''): string {
  return text.replaceAll(/[^\w.:+-]/g, '').slice(0, mostCharacters)
}

function rowsOf(apps: ReadonlyMap<string, ReadonlyMap<string, Seen>>): AppCallerRow[] {
  const rows = [...apps].flatMap(([app_name, versions]) =>
    [...versions].map(([client_version, { calls, firstSeenAt, lastSeenAt }]) => {
      return { app_name, client_version, calls, first_seen_at: firstSeenAt, last_seen_at: lastSeenAt }
    }),
  )
  const keyOf = (row: AppCallerRow) => `${row.app_name} ${row.client_version}`
  return rows.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
}

async function write(db: Knex, rows: readonly AppCallerRow[]): Promise<void> {
  await addAppCallers(db, rows)
  for (const app of new Set(rows.map(({ app_name }) => app_name))) await trimAppCallers(db, app, mostRows)
}
