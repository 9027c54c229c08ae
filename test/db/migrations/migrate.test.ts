import { expect } from 'chai'
import type { Knex } from 'knex'
import { randomInt } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isMysql } from '../../../db/connect.js'
import { migrate, pendingMigrations } from '../../../db/migrate.js'
import { projectRoot } from '../../whole/architecture/source-tree.js'
import { onEachEmptyDatabase } from '../../servers/databases.js'
import { describeTables, dropAllTables, listTables, open } from '../target.js'

const isLong = process.env['TEST_LONG'] === '1'

/** Of every file there is, in their order, so that none is forgotten in the list. */
const names = readdirSync(join(projectRoot(), 'db/migrations'))
  .filter((file) => /^\d{4}-.*\.ts$/.test(file))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort()

/** Lets `count` statements through and makes every later one fail, as a crash would. */
function cutOffAfter(
  db: Knex,
  count: number,
): { readonly statements: () => number; readonly end: () => void } {
  let seen = 0
  const listen = () => {
    if (++seen > count) throw new Error('the power failed')
  }
  db.client.on('query', listen)
  return { statements: () => seen, end: () => db.client.off('query', listen) }
}

async function rowCounts(db: Knex): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  const counters = isMysql(db) ? [] : ['sqlite_sequence']
  for (const name of [...(await listTables(db)), ...counters])
    counts[name] = Number((await db(name).count({ n: '*' }).first())?.['n'])
  return counts
}

onEachEmptyDatabase('migrating the database', (database) => {
  let db: Knex
  before(() => {
    db = open(database)
  })
  beforeEach(() => dropAllTables(db))
  after(() => db.destroy())

  it('makes all tables, and says which migrations ran', async () => {
    expect(await pendingMigrations(db)).to.deep.equal(names)
    expect(await migrate(db)).to.deep.equal(names)
    expect(await pendingMigrations(db)).to.deep.equal([])
    expect(await listTables(db)).to.include.members([
      'account_user_base',
      'client_app',
      'user_identity',
      'user_session',
    ])
  })

  it('changes nothing the second time', async () => {
    await migrate(db)
    const made = [await describeTables(db), await rowCounts(db)]
    const { statements, end } = cutOffAfter(db, Infinity)
    expect(await migrate(db)).to.deep.equal([])
    end()
    // Only looks whether there is something to do: at a shop's tables and columns, and at what has run.
    expect(statements()).to.be.at.most(4)
    expect([await describeTables(db), await rowCounts(db)]).to.deep.equal(made)
  })

  it('numbers new users from 10002', async () => {
    await migrate(db)
    const [userId] = await db('account_user_base').insert({ user_account: 'first' })
    expect(userId).to.equal(10002)
  })

  it('leaves the tables and rows of an imported shop alone', async () => {
    await db.schema.createTable('account_user_level', (table) => {
      table.increments('user_level_id')
      table.string('of_the_shop')
    })
    await db<{ of_the_shop: string }>('account_user_level').insert({ of_the_shop: 'kept' })
    await migrate(db)
    // Columns of ours that it lacks are added behind its own.
    const rows = await db.table('account_user_level').select('user_level_id', 'of_the_shop')
    expect(rows).to.deep.equal([{ user_level_id: 1, of_the_shop: 'kept' }])
  })

  it('is done by one node while all others that start wait for it', async () => {
    const others = [open(database), open(database)]
    const ran = await Promise.all([db, ...others].map((node) => migrate(node)))
    expect(ran.filter((list) => list.length > 0)).to.deep.equal([names])
    for (const node of others) {
      expect(await pendingMigrations(node)).to.deep.equal([])
      await node.destroy()
    }
  })

  it('waits while another node holds the lease, and starts when that is given back or runs out', async () => {
    await db.schema.createTable('gateway_migration_lease', (table) => {
      table.integer('id').primary()
      table.string('holder', 36)
      table.bigInteger('expires_at')
    })
    const lease = () => db.table('gateway_migration_lease')
    await lease().insert({ id: 1, holder: 'another node', expires_at: Date.now() + 600_000 })
    const waiting = open(database)
    const asked = countQueries(waiting, /update .*gateway_migration_lease/)
    const migrated = migrate(waiting)
    await asked(2)
    expect(await listTables(db)).not.to.include('account_user_base')
    await lease().update({ expires_at: 0 })
    expect(await migrated).to.deep.equal(names)
    await waiting.destroy()
  })

  it('is not kept from it by the lock of a node that died', async () => {
    await migrate(db)
    const last = names.slice(-1)
    await db.table('gateway_migration').where({ name: last[0] }).delete()
    await db.table('gateway_migration_lock').update({ is_locked: 1 })
    expect(await migrate(db)).to.deep.equal(last)
  })

  it('goes on where it was cut off, after whichever statement that was', async function () {
    this.timeout(isLong ? 3_600_000 : 120_000)
    const whole = cutOffAfter(db, Infinity)
    await migrate(db)
    whole.end()
    const made = [await describeTables(db), await rowCounts(db)]
    // Each round costs up to a second on a quiet machine, and the statements are much alike: every run cuts after others.
    const step = isLong ? 1 : Math.ceil(whole.statements() / 20)
    for (let count = randomInt(step); count < whole.statements(); count += step) {
      await dropAllTables(db)
      const { end } = cutOffAfter(db, count)
      expect(await migrate(db).then(() => 'done', String)).to.include('the power failed')
      end()
      await buryNode(db)
      await migrate(db)
      expect([await describeTables(db), await rowCounts(db)], `cut off after ${count}`).to.deep.equal(made)
    }
  })
})

/** Resolves when a statement that looks like this was sent as often as asked. */
function countQueries(db: Knex, pattern: RegExp): (times: number) => Promise<void> {
  let seen = 0
  let check = () => {}
  db.client.on('query', ({ sql }: { sql: string }) => {
    if (pattern.test(sql)) seen++
    check()
  })
  return (times) =>
    new Promise((resolve) => {
      check = () => seen >= times && resolve()
      check()
    })
}

/** What happens when a node has died: what it had not committed is undone, and its lease runs out. */
async function buryNode(db: Knex): Promise<void> {
  await db.raw('ROLLBACK').catch((error: unknown) => expect(String(error)).to.include('no transaction'))
  if (await db.schema.hasTable('gateway_migration_lease'))
    await db.table('gateway_migration_lease').update({ expires_at: 0 })
}
