import type { Knex } from 'knex'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type DatabaseTarget, limitStatements } from './connect.js'
import { isPoolClosed } from './knex-internals.js'
import { isReadOnly, isUnreachable } from './unavailable.js'

/** Why a database takes no writes, in a word or two. */
type Unready = (typeof unreadyStates)[number]

export const unreadyStates = [
  'closed',
  'no answer',
  'no quorum',
  'read-only',
  'unreachable',
  'refused',
] as const

/** Asks whether a database takes writes. */
export interface DatabaseProbe {
  /** Undefined when it does. Answers within the probe's time, however many ask and whatever else waits. */
  ask(): Promise<Unready | undefined>
  /** What a read finds by the probe's connection, or undefined: it failed, or took longer than the probe's time. */
  read<Found>(read: (db: Knex) => Promise<Found>): Promise<Found | undefined>
  close(): Promise<void>
}

interface ProbeOptions {
  /** How long an answer may take. */
  readonly milliseconds: number
  /** The same as that of calls (ms): both are to follow the database to another node. */
  readonly connectionLifetime: number
}

/**
 * A probe with a connection of its own, so that it never waits for those of calls: when all are in use, the database may
 * be well. SQLite has one connection for all, and nobody else who could hold it.
 */
export function createDatabaseProbe(
  target: DatabaseTarget,
  db: Knex,
  { milliseconds, connectionLifetime }: ProbeOptions,
): DatabaseProbe {
  const own =
    target.kind === 'mysql'
      ? connect(target, { poolSize: 1, connectionLifetime, isCausal: false })
      : undefined
  if (own) limitStatements(own, milliseconds)
  let asking: Promise<Unready | undefined> | undefined
  const ask = async (): Promise<Unready | undefined> => {
    if (isPoolClosed(db)) return 'closed'
    const write = writeNothing(own ?? db).then(() => undefined, reasonOf)
    return Promise.race([write, sleep(milliseconds, 'no answer' as const, { ref: false })])
  }
  return {
    ask() {
      asking ??= ask().finally(() => (asking = undefined))
      return asking
    },
    read: (read) =>
      Promise.race([read(own ?? db).catch(() => undefined), sleep(milliseconds, undefined, { ref: false })]),
    close: async () => own?.destroy(),
  }
}

/** A write that changes nothing to a table of ours: who only reads, or is cut off from a cluster, refuses it. */
async function writeNothing(db: Knex): Promise<void> {
  await db('gateway_migration_lease').where({ id: 0 }).update({ holder: '' })
}

function reasonOf(error: unknown): Unready {
  const { code, errno } = Object(error) as { readonly code?: unknown; readonly errno?: unknown }
  // Galera: the node is not, or no more, in the part of the cluster that may decide.
  if (errno === 1047) return 'no quorum'
  if (isReadOnly(error)) return 'read-only'
  if (code === 'PROTOCOL_SEQUENCE_TIMEOUT' || code === 'ETIMEDOUT') return 'no answer'
  return isUnreachable(error) ? 'unreachable' : 'refused'
}
