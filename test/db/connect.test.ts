import { expect } from 'chai'
import type { Knex } from 'knex'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect, isMysql } from '../../db/connect.js'
import { becomeSoleServer } from '../../db/sole-server.js'
import { isDatabaseUnavailable } from '../../db/unavailable.js'
import { onEachEmptyDatabase } from '../servers/databases.js'
import { freePort } from '../servers/processes/process.js'
import { open } from './target.js'
import { useFolder } from '../suite.js'

interface Row {
  id: number
  text: string
  big: number
}

const failure = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    () => expect.fail('should have failed'),
    (error: unknown) => error,
  )

onEachEmptyDatabase('a connection', (database) => {
  let db: Knex
  const rows = () => db<Row>('row')

  before(async () => {
    db = open(database)
    await db.schema.createTable('row', (table) => {
      table.increments('id')
      table.string('text', 50).notNullable()
      table.bigInteger('big').notNullable()
    })
  })
  after(() => db.destroy())

  it('speaks the SQL of its kind', () => {
    expect(isMysql(db)).to.equal(database.kind === 'mysql')
  })

  it('keeps every character, and whole numbers as numbers up to 2^53', async () => {
    const row = { text: '张三 日本語 👋 \u3000 \'"\\', big: Number.MAX_SAFE_INTEGER }
    await rows().insert(row)
    expect(await rows().first('text', 'big')).to.deep.equal(row)
  })

  it('answers the id of a new row', async () => {
    const [first] = await rows().insert({ text: '', big: 1 })
    const [second] = await rows().insert({ text: '', big: 2 })
    expect(second).to.equal((first ?? 0) + 1)
  })

  it('writes nothing to the console when a statement fails, as values may be in it', async () => {
    const secret = "INSERT INTO no_such_table VALUES ('a secret')"
    const migration = { name: 'failing', up: (db: Knex) => db.raw(secret), down: () => Promise.resolve() }
    const migrationSource = {
      getMigrations: () => Promise.resolve([migration]),
      getMigrationName: () => migration.name,
      getMigration: () => Promise.resolve(migration),
    }
    const output = recordOutput()
    await failure(db.raw(secret))
    // This is where knex itself warns, with the statement.
    await failure(db.migrate.latest({ migrationSource, tableName: 'failing_migration' }))
    expect(output.end()).to.deep.equal([])
  })

  it('makes a commit lasting, and takes no more locks than it needs', async () => {
    if (database.kind === 'sqlite') {
      const setting = async (name: string) => Object.values((await db.raw(`PRAGMA ${name}`))[0])[0]
      expect(await setting('journal_mode')).to.equal('wal')
      expect(await setting('synchronous')).to.equal(2)
      expect(await setting('busy_timeout')).to.equal(5000)
      expect(await setting('foreign_keys')).to.equal(1)
    } else {
      const isolation = "SHOW VARIABLES WHERE variable_name IN ('tx_isolation', 'transaction_isolation')"
      expect((await db.raw(isolation))[0][0].Value).to.equal('READ-COMMITTED')
      const [[settings]] = await db.raw(
        'SELECT @@character_set_client AS charset, @@autocommit AS autocommit',
      )
      expect(settings).to.deep.equal({ charset: 'utf8mb4', autocommit: 1 })
    }
  })
})

/** Keeps what is written to standard output and standard error, instead of showing it, until its end. */
function recordOutput(): { end(): string[] } {
  const written: string[] = []
  const streams = [process.stdout, process.stderr]
  for (const stream of streams) stream.write = (text: unknown) => written.push(String(text)) > 0
  return {
    end() {
      // Their own method is the prototype's.
      for (const stream of streams) Reflect.deleteProperty(stream, 'write')
      return written
    },
  }
}

describe('a connection to SQLite', () => {
  const folder = useFolder('connect')

  it('makes the folder of the file, for its owner only', async () => {
    const file = join(folder.path, 'new', 'passport.db')
    const db = connect({ kind: 'sqlite', file })
    await db.raw('SELECT 1')
    await db.destroy()
    expect(existsSync(file)).to.equal(true)
    expect(statSync(join(folder.path, 'new')).mode & 0o777).to.equal(0o700)
  })

  it('leaves the locks of another one alone: a process that closes the file would take its log away', async function () {
    if (!existsSync('/proc/locks')) this.skip()
    const file = join(folder.path, 'locked.db')
    const first = connect({ kind: 'sqlite', file })
    await first.raw('CREATE TABLE kept (id INT)')
    const isLocked = () => readFileSync('/proc/locks', 'utf8').includes(`:${statSync(file).ino} `)
    expect(isLocked()).to.equal(true)
    const second = connect({ kind: 'sqlite', file })
    await second.raw('SELECT 1')
    await second.destroy()
    expect(isLocked()).to.equal(true)
    await first.destroy()
  })

  it('keeps the database and all that SQLite puts beside it for its owner only', async () => {
    const data = join(folder.path, 'open')
    const mask = process.umask(0)
    try {
      mkdirSync(data, { mode: 0o777 })
      // As a server of an earlier version, or a copy, left it.
      writeFileSync(join(data, 'old.db'), '', { mode: 0o666 })
      for (const name of ['new.db', 'old.db']) {
        const target = { kind: 'sqlite', file: join(data, name) } as const
        await becomeSoleServer(target)
        const db = connect(target)
        await db.schema.createTable('row', (table) => table.integer('id').primary())
        await db.table('row').insert({ id: 1 })
        const modes = readdirSync(data).map((file) => [file, statSync(join(data, file)).mode & 0o777])
        for (const file of [name, `${name}-wal`, `${name}-shm`, `${name}-server`])
          expect(modes, file).to.deep.include([file, 0o600])
        for (const [file, mode] of modes) if (file !== 'old.db') expect(mode, String(file)).to.equal(0o600)
        await db.destroy()
      }
    } finally {
      process.umask(mask)
    }
  })

  it('goes on writing after another process held the database for longer than it waits', async () => {
    const file = join(folder.path, 'shared.db')
    const other = connect({ kind: 'sqlite', file })
    const db = connect({ kind: 'sqlite', file })
    await db.schema.createTable('row', (table) => table.integer('id').primary())
    await db.raw('PRAGMA busy_timeout = 0')
    await other.transaction(async (holding) => {
      await holding.table('row').insert({ id: 1 })
      expect(isDatabaseUnavailable(await failure(db.table('row').insert({ id: 2 })))).to.equal(true)
    })
    await db.transaction((db) => db.table('row').insert({ id: 3 }))
    await db.table('row').insert({ id: 4 })
    expect(await other('row').orderBy('id').pluck('id')).to.deep.equal([1, 3, 4])
    await Promise.all([db.destroy(), other.destroy()])
  })
})

describe('a connection to MySQL', () => {
  it('is made at the first statement, and says then that the server is not there', async () => {
    const db = connect({ kind: 'mysql', url: `mysql://root@127.0.0.1:${await freePort()}/passport` })
    const error = await failure(db.raw('SELECT 1'))
    expect(error).to.have.property('code', 'ECONNREFUSED')
    expect(isDatabaseUnavailable(error)).to.equal(true)
    await db.destroy()
  })
})
