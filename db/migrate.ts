import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Knex } from 'knex'
import * as users from './migrations/0001-users.js'
import * as gateway from './migrations/0002-gateway.js'
import * as passport from './migrations/0003-passport.js'
import * as account from './migrations/0004-account.js'
import * as accounts from './migrations/0005-accounts.js'
import * as profiles from './migrations/0006-profiles.js'
import * as shop from './migrations/0007-shop.js'
import * as addresses from './migrations/0008-addresses.js'
import * as invoices from './migrations/0009-invoices.js'
import * as messages from './migrations/0010-messages.js'
import * as codeLengths from './migrations/0011-code-lengths.js'
import * as messageStreams from './migrations/0012-message-streams.js'
import * as listIndexes from './migrations/0013-list-indexes.js'
import * as messageLength from './migrations/0014-message-length.js'
import * as wechat from './migrations/0015-wechat.js'
import * as shopColumns from './migrations/0016-shop-columns.js'
import * as shopTokens from './migrations/0017-shop-tokens.js'
import * as adminSite from './migrations/0018-admin-site.js'
import * as newUserRows from './migrations/0019-new-user-rows.js'
import * as siteSettings from './migrations/0020-site-settings.js'
import * as addressOwners from './migrations/0021-address-owners.js'
import * as appRules from './migrations/0022-app-rules.js'
import * as pendingCodes from './migrations/0023-pending-codes.js'
import * as credentialCallers from './migrations/0024-credential-callers.js'
import * as codeSequences from './migrations/0025-code-sequences.js'
import * as idempotentCalls from './migrations/0026-idempotent-calls.js'
import * as consoleSignIn from './migrations/0027-console.js'
import * as operation from './migrations/0028-operation.js'
import * as nodeMinutes from './migrations/0029-node-minutes.js'
import * as brownOuts from './migrations/0030-brown-outs.js'
import * as keys from './migrations/0031-keys.js'
import * as watchedCalls from './migrations/0032-watched-calls.js'
import * as moveRoutes from './migrations/0033-move-routes.js'
import * as callers from './migrations/0034-callers.js'
import * as storedKind from './migrations/0035-stored-kind.js'
import { isMysql } from './connect.js'
import { type Preparation, prepareShop } from './shop/prepare.js'
import { isDuplicate } from './transaction.js'

interface Migration {
  readonly name: string
  up(db: Knex): Promise<void>
  down(db: Knex): Promise<void>
}

/** Once released, a migration is never changed; the next change is the next file. */
const migrations: readonly Migration[] = [
  { name: '0001-users', up: users.up, down: refuseToGoDown },
  { name: '0002-gateway', up: gateway.up, down: refuseToGoDown },
  { name: '0003-passport', up: passport.up, down: refuseToGoDown },
  { name: '0004-account', up: account.up, down: refuseToGoDown },
  { name: '0005-accounts', up: accounts.up, down: refuseToGoDown },
  { name: '0006-profiles', up: profiles.up, down: refuseToGoDown },
  { name: '0007-shop', up: shop.up, down: refuseToGoDown },
  { name: '0008-addresses', up: addresses.up, down: refuseToGoDown },
  { name: '0009-invoices', up: invoices.up, down: refuseToGoDown },
  { name: '0010-messages', up: messages.up, down: refuseToGoDown },
  { name: '0011-code-lengths', up: codeLengths.up, down: refuseToGoDown },
  { name: '0012-message-streams', up: messageStreams.up, down: refuseToGoDown },
  { name: '0013-list-indexes', up: listIndexes.up, down: refuseToGoDown },
  { name: '0014-message-length', up: messageLength.up, down: refuseToGoDown },
  { name: '0015-wechat', up: wechat.up, down: refuseToGoDown },
  { name: '0016-shop-columns', up: shopColumns.up, down: refuseToGoDown },
  { name: '0017-shop-tokens', up: shopTokens.up, down: refuseToGoDown },
  { name: '0018-admin-site', up: adminSite.up, down: refuseToGoDown },
  { name: '0019-new-user-rows', up: newUserRows.up, down: refuseToGoDown },
  { name: '0020-site-settings', up: siteSettings.up, down: refuseToGoDown },
  { name: '0021-address-owners', up: addressOwners.up, down: refuseToGoDown },
  { name: '0022-app-rules', up: appRules.up, down: refuseToGoDown },
  { name: '0023-pending-codes', up: pendingCodes.up, down: refuseToGoDown },
  { name: '0024-credential-callers', up: credentialCallers.up, down: refuseToGoDown },
  { name: '0025-code-sequences', up: codeSequences.up, down: refuseToGoDown },
  { name: '0026-idempotent-calls', up: idempotentCalls.up, down: refuseToGoDown },
  { name: '0027-console', up: consoleSignIn.up, down: refuseToGoDown },
  { name: '0028-operation', up: operation.up, down: refuseToGoDown },
  { name: '0029-node-minutes', up: nodeMinutes.up, down: refuseToGoDown },
  { name: '0030-brown-outs', up: brownOuts.up, down: refuseToGoDown },
  { name: '0031-keys', up: keys.up, down: refuseToGoDown },
  { name: '0032-watched-calls', up: watchedCalls.up, down: refuseToGoDown },
  { name: '0033-move-routes', up: moveRoutes.up, down: refuseToGoDown },
  { name: '0034-callers', up: callers.up, down: refuseToGoDown },
  { name: '0035-stored-kind', up: storedKind.up, down: refuseToGoDown },
]

const leaseMilliseconds = 30_000
const waitMilliseconds = 120_000

/**
 * Brings the database to this version's tables and returns the names of the migrations that ran. Several nodes
 * may call it at once: one works, the others wait for it (at most two minutes). Tables of an old shop are made wide
 * enough first.
 *
 * @throws ShopRefusedError, before anything is changed, when the tables are an old shop's and one cannot be adopted
 */
export async function migrate(db: Knex, show?: (step: string) => void): Promise<string[]> {
  const found = await preparation(db)
  if (found.changes.length === 0 && (await pendingMigrations(db)).length === 0) return []
  await found.checkRows()
  return withMigrationLease(db, async () => {
    await (await preparation(db)).run(show)
    // knex's own lock stays locked when a node dies; ours expires, and we hold it.
    await db.migrate.forceFreeMigrationsLock(knexSettings)
    const [, ran] = (await db.migrate.latest(knexSettings)) as [number, string[]]
    return ran
  })
}

const nothing = (): Promise<void> => Promise.resolve()

/** SQLite holds no imported tables. */
async function preparation(db: Knex): Promise<Preparation> {
  return isMysql(db) ? prepareShop(db) : { changes: [], checkRows: nothing, run: nothing }
}

/** Works while no other node migrates or adopts; waits for them at most two minutes. */
export async function withMigrationLease<T>(db: Knex, work: () => Promise<T>): Promise<T> {
  const release = await acquireLease(db)
  try {
    return await work()
  } finally {
    await release()
  }
}

/** Names of the migrations that have not run yet. Only reads: knex's own list would make its tables. */
export async function pendingMigrations(db: Knex): Promise<string[]> {
  const isBegun = await db.schema.hasTable('gateway_migration')
  const done: string[] = isBegun ? await db('gateway_migration').pluck('name') : []
  return migrations.map(({ name }) => name).filter((name) => !done.includes(name))
}

const knexSettings: Knex.MigratorConfig = {
  tableName: 'gateway_migration',
  disableTransactions: true,
  migrationSource: {
    getMigrations: () => Promise.resolve([...migrations]),
    getMigrationName: (migration: Migration) => migration.name,
    getMigration: (migration: Migration) => Promise.resolve(migration),
  },
}

async function acquireLease(db: Knex): Promise<() => Promise<void>> {
  await db.raw(
    'CREATE TABLE IF NOT EXISTS gateway_migration_lease (id INT PRIMARY KEY, holder VARCHAR(36), expires_at BIGINT)',
  )
  await db('gateway_migration_lease')
    .insert({ id: 1, holder: '', expires_at: 0 })
    .catch((error: unknown) => {
      if (!isDuplicate(error)) throw error
    })
  const holder = randomUUID()
  const extend = (where: (query: Knex.QueryBuilder) => Knex.QueryBuilder) =>
    where(db('gateway_migration_lease')).update({ holder, expires_at: Date.now() + leaseMilliseconds })
  const deadline = Date.now() + waitMilliseconds
  while (!(await extend((lease) => lease.where('expires_at', '<', Date.now())))) {
    if (Date.now() > deadline) throw new Error('another node has been migrating the database for two minutes')
    await sleep(250)
  }
  const heartbeat = setInterval(
    () => void extend((lease) => lease.where({ holder })).catch(() => {}),
    leaseMilliseconds / 3,
  )
  return async () => {
    clearInterval(heartbeat)
    await db('gateway_migration_lease').where({ holder }).update({ expires_at: 0 })
  }
}

function refuseToGoDown(): Promise<never> {
  return Promise.reject(new Error('migrations only go forward: restore a backup instead'))
}
