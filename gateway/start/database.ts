import type { Knex } from 'knex'
import type { Config } from '../../config/config.js'
import { connect } from '../../db/connect.js'
import { migrate } from '../../db/migrate.js'
import { openForms } from '../../db/open.js'
import { findForms } from '../../db/shop/forms.js'
import type { Log } from '../services/telemetry/log.js'

/** How the server holds its connections. */
export function poolOf(config: Config) {
  return {
    poolSize: config.dbPool,
    connectionLifetime: config.dbConnectionSeconds * 1000,
    followsFailOver: true,
  }
}

/**
 * Opens the database and brings it up to date; `show` is told what is being done. Throws when it can't be, before
 * anything is changed where the times of a shop cannot be read.
 */
export async function openDatabase(config: Config, log: Log, show?: (step: string) => void): Promise<Knex> {
  const pool = poolOf(config)
  const db = connect(config.database, pool)
  try {
    if (config.database.kind === 'mysql') await findForms(db, config.timeZone)
    const migrations = await migrate(db, show)
    if (migrations.length > 0) log.info({ names: migrations }, 'the database was brought up to date')
    return await openForms(db, config.database, { ...pool, timeZone: config.timeZone })
  } catch (error) {
    await db.destroy()
    throw error
  }
}
