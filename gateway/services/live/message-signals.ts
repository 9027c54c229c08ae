import type { Knex } from 'knex'
import type { Cache } from '../cache.js'
import { InboxWatch } from './inbox-watch.js'
import type { Log } from '../telemetry/log.js'

/** Where open.passport.get remembers how many messages a user has not read; dropped whenever that inbox changes. */
export function unreadKey(userId: number): string {
  return `${unreadPrefix}${userId}`
}

const unreadPrefix = 'card:'

/** Says when somebody's inbox may have changed. */
export interface MessageSignals {
  /**
   * Calls `changed` whenever a message came to a user, or was read, and sometimes without that; returns how to stop.
   * What this node does shows at once, what another does too while Redis answers; else the database is asked.
   */
  watch(userId: number, changed: () => void): () => void
  close(): void
}

interface Dependencies {
  readonly db: Knex
  readonly cache: Cache
  readonly log: Log
}

const lookMilliseconds = 1000
/** With Redis: it promises no delivery, and rows may come from elsewhere than a gateway. */
const slowLookMilliseconds = 10_000

/** Without watchers it asks nothing. */
export function createMessageSignals({ db, cache, log }: Dependencies): MessageSignals {
  const watchers = new Map<number, Set<() => void>>()
  const inboxes = new InboxWatch(db)
  const pace = createPace(cache)
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  let failed = false
  const tell = (userId: number) => {
    for (const changed of watchers.get(userId) ?? []) changed()
  }
  const look = async () => {
    try {
      if (pace.isDue()) for (const userId of await inboxes.look([...watchers.keys()])) tell(userId)
      failed = false
    } catch (error) {
      if (!failed) log.warn({ error }, 'inboxes could not be looked at')
      failed = true
    }
    timer = undefined
    schedule()
  }
  const schedule = () => {
    if (isClosed || watchers.size === 0) return
    timer ??= setTimeout(() => void look(), lookMilliseconds).unref()
  }
  cache.onDrop((key) => {
    if (key.startsWith(unreadPrefix)) tell(Number(key.slice(unreadPrefix.length)))
  })
  return {
    watch(userId, changed) {
      const own = watchers.get(userId) ?? new Set()
      watchers.set(userId, own.add(changed))
      schedule()
      return () => {
        own.delete(changed)
        if (own.size === 0 && watchers.get(userId) === own) watchers.delete(userId)
      }
    },
    close() {
      isClosed = true
      clearTimeout(timer)
      watchers.clear()
    },
  }
}

/** Every second while other nodes are not heard, and once more when they are again; seldom else. */
function createPace(cache: Cache): { isDue(): boolean } {
  let wasHearing = false
  let lookedAt = 0
  return {
    isDue() {
      const hearing = cache.hearsOthers()
      const isDue = !hearing || !wasHearing || performance.now() - lookedAt >= slowLookMilliseconds
      wasHearing = hearing
      if (isDue) lookedAt = performance.now()
      return isDue
    },
  }
}
