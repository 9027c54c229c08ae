import { expect } from 'chai'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { createConnection } from 'mysql2/promise'
import { Availability, type Program, type SkippableContext } from './available.js'
import type { Knex } from 'knex'
import { isMysql } from '../../db/connect.js'
import { migrate } from '../../db/migrate.js'
import { describeTables, dropAllTables, listTables, open } from '../db/target.js'
import { onEachDatabase } from './databases.js'

describe('suites on each database', () => {
  const seen: string[] = []
  const early: unknown[] = []

  onEachDatabase('a suite', (database) => {
    try {
      expect.fail(database.url)
    } catch (error) {
      early.push(error)
    }

    it('has a database of the kind', () => {
      seen.push(database.url)
      const scheme = { sqlite: 'sqlite:/', mysql: 'mysql://' }[database.kind]
      expect(database.url.startsWith(scheme), database.url).to.equal(true)
    })

    // Defined before the hook that removes the database, so it must still be there.
    after(async () => {
      if (database.kind === 'mysql') await (await createConnection(database.url)).end()
      else expect(existsSync(dirname(database.url.replace('sqlite:', '')))).to.equal(true)
    })
  })

  onEachDatabase('another suite', (database) => {
    it('has another database, the first being gone', async () => {
      const url = seen.find((earlier) => earlier.startsWith(database.kind)) ?? expect.fail('no first suite')
      expect(url).not.to.equal(database.url)
      const code = await createConnection(url).then(
        () => undefined,
        (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
      )
      if (database.kind === 'mysql') expect(code).to.equal('ER_BAD_DB_ERROR')
      else expect(existsSync(dirname(url.replace('sqlite:', '')))).to.equal(false)
    })
  })

  onEachDatabase('a suite on a copy', (database) => {
    it('has the tables, counters and rows that migrating makes', async () => {
      const db = open(database)
      try {
        const copied = await readWhole(db)
        await dropAllTables(db)
        await migrate(db)
        expect(copied).to.deep.equal(await readWhole(db))
      } finally {
        await db.destroy()
      }
    })
  })

  describe('the URL of a database', () => {
    it('is there inside hooks and tests only', () => {
      expect(early).not.to.have.length(0)
      for (const error of early) expect(String(error)).to.include('only there inside hooks and tests')
    })
  })
})

/** All of a database but when it was migrated. */
async function readWhole(db: Knex): Promise<unknown> {
  const made = async (table: string): Promise<unknown> =>
    isMysql(db) ? db.raw('SHOW CREATE TABLE ??', [table]).then(([rows]) => rows as unknown) : undefined
  const tables: unknown[] = []
  for (const table of [...(await listTables(db)), ...(isMysql(db) ? [] : ['sqlite_sequence'])])
    tables.push({
      table,
      made: await made(table),
      rows: table.startsWith('gateway_migration_')
        ? []
        : await db(table).select(table === 'gateway_migration' ? 'name' : '*'),
    })
  return { tables, description: await describeTables(db) }
}

describe('programs that are not installed', () => {
  class Skipped extends Error {}
  const context = (type: 'hook' | 'test', title = ''): SkippableContext => ({
    runnable: () => ({ type, title }),
    skip: () => {
      throw new Skipped()
    },
  })
  const installed = (...names: string[]): Availability =>
    new Availability({
      find: (name) => (names.includes(name) ? `/bin/${name}` : undefined),
      mustHaveAll: () => false,
    })
  const skip = (availability: Availability, type: 'hook' | 'test', name: Program, title?: string): void => {
    expect(() => availability.require(context(type, title), name)).to.throw(Skipped)
  }

  it('are named with what was skipped for the want of them', () => {
    const availability = installed('mariadbd', 'php')
    expect(availability.require(context('hook'), 'php')).to.equal('/bin/php')
    expect(availability.summary()).to.equal(undefined)
    skip(availability, 'hook', 'mariadbd')
    skip(availability, 'hook', 'mariadbd')
    skip(availability, 'test', 'redis-server')
    skip(availability, 'hook', 'chromium', '"before all" hook')
    skip(availability, 'hook', 'chromium', '"before each" hook')
    expect(availability.summary()).to.equal(
      'not installed, so skipped: mariadbd (2 suites), redis-server (1 test), chromium (1 suite, 1 test)',
    )
  })

  it('leave no hook of a skipped suite to run', () => {
    const parent = { pending: false }
    const inSuite = (type: string): SkippableContext => {
      return { ...context('test'), runnable: () => ({ type, title: '', parent }) }
    }
    expect(() => installed().require(inSuite('test'), 'php')).to.throw(Skipped)
    expect(parent.pending).to.equal(false)
    expect(() => installed().require(inSuite('hook'), 'php')).to.throw(Skipped)
    expect(parent.pending).to.equal(true)
  })

  it('may have another name', () => {
    expect(installed('google-chrome').require(context('test'), 'chromium')).to.equal('/bin/google-chrome')
  })

  it('are a failure where everything must be there', () => {
    const strict = new Availability({ find: () => undefined, mustHaveAll: () => true })
    expect(() => strict.require(context('hook'), 'mariadbd')).to.throw('mariadbd is not installed')
    expect(strict.summary()).to.equal(undefined)
  })
})
