import { existsSync } from 'node:fs'
import type { Knex } from 'knex'
import { type Config, loadConfig } from '../../../config/config.js'
import { connect, type DatabaseTarget } from '../../../db/connect.js'
import { describeTarget } from '../../../db/explain.js'
import { type KeyVariable, listHeldKeys } from '../../../db/key-holders.js'
import { pendingMigrations } from '../../../db/migrate.js'
import { openForms } from '../../../db/open.js'
import type { Services } from '../../services/services.js'
import { systemClock } from '../../services/clock.js'
import { keyFingerprint } from '../../services/keys/fingerprint.js'
import { goneMilliseconds, writingPlace } from '../../services/keys/writing-place.js'
import { createVault, type Vault } from '../../services/vault.js'
import { CommandError } from './error.js'

/** The services of a command while its database is open. */
export type Session = Pick<Services, 'db' | 'config' | 'clock' | 'vault'>

/**
 * Opens the configured database, up to date or not, creates it if absent, and always closes it.
 *
 * @throws ConfigurationError, CommandError for a database in the server's own memory
 */
export function withConnection<T>(work: (db: Knex) => Promise<T>): Promise<T> {
  return withOpen(configuredDatabase(), work)
}

/** The same on a database that is there, up to date or not; an empty one where it is not. */
export function withPresentConnection<T>(work: (db: Knex) => Promise<T>): Promise<T> {
  return withOpen(presentDatabase(), work)
}

/** Names of the migrations that the configured database still needs. Creates no database. */
export function listPending(): Promise<string[]> {
  return withOpen(presentDatabase(), pendingMigrations)
}

/**
 * Opens the configured database and the vault for `work`, and always closes the database. Starts no timers and no
 * other part of the server.
 *
 * @throws ConfigurationError, CommandError when the database is not up to date
 */
export function withDatabase<T>(work: (session: Session) => Promise<T>): Promise<T> {
  const target = presentDatabase()
  return withOpen(target, async (db) => {
    const { length } = await pendingMigrations(db)
    if (length > 0)
      throw new CommandError(
        `the database is not up to date (${length} migrations to run): run "passport-gateway migrate" first`,
      )
    // Loading makes keys that are not given, so the checks come first.
    const config = loadConfig()
    const opened = await openForms(db, target, { timeZone: config.timeZone, poolSize: 2 })
    try {
      return await work({ db: opened, config, clock: systemClock, vault: await openVault(opened, config) })
    } finally {
      if (opened !== db) await opened.destroy()
    }
  })
}

/** A vault that writes with no key that a running node lacks. */
export async function openVault(db: Knex, { dataKeys }: Pick<Config, 'dataKeys'>): Promise<Vault> {
  const place = await findWritingPlace(db, 'DATA_KEY', dataKeys)
  return createVault(dataKeys, () => place)
}

/** The place of the first of these keys that every running node has. */
export async function findWritingPlace(
  db: Knex,
  variable: KeyVariable,
  keys: readonly string[],
): Promise<number> {
  const holders = await listHeldKeys(db, systemClock.now() - goneMilliseconds)
  return writingPlace(keys.map(keyFingerprint), variable, holders)
}

async function withOpen<T>(target: DatabaseTarget, work: (db: Knex) => Promise<T>): Promise<T> {
  const db = connect(target, { poolSize: 2 })
  try {
    return await work(db)
  } catch (error) {
    // The message of a refusal names the database.
    throw error instanceof Error ? Object.assign(error, { database: describeTarget(target) }) : error
  } finally {
    await db.destroy()
  }
}

function configuredDatabase(): DatabaseTarget {
  const { database } = loadConfig(undefined, { makeKeys: false })
  if (database.kind === 'sqlite' && database.file === ':memory:')
    throw new CommandError('DATABASE_URL is sqlite::memory:, which nobody but the server itself can see')
  return database
}

/** An empty database in memory if the file is absent: SQLite would create a file at any mistyped path. */
function presentDatabase(): DatabaseTarget {
  const database = configuredDatabase()
  const isAbsent = database.kind === 'sqlite' && !existsSync(database.file)
  return isAbsent ? { kind: 'sqlite', file: ':memory:' } : database
}
