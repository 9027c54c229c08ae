import { expect } from 'chai'
import type { Knex } from 'knex'
import { connect, limitStatements } from '../../db/connect.js'
import type { MysqlConnection } from '../../db/mysql-connection.js'
import { beginSession } from '../../db/mysql-session.js'
import { applySqliteSettings } from '../../db/sqlite-connection.js'
import { DatabaseSessionError, isDatabaseUnavailable } from '../../db/unavailable.js'
import { requireProgram } from '../servers/available.js'
import { type Mariadb, startMariadb } from '../servers/mariadb.js'

/** Settings of a server, each of which changes what a statement means. */
const hostile = {
  sql_mode: "'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,EMPTY_STRING_IS_NULL,SIMULTANEOUS_ASSIGNMENT'",
  time_zone: "'+05:00'",
  tx_isolation: "'SERIALIZABLE'",
  autocommit: '0',
  completion_type: '1',
  sql_select_limit: '1',
  sql_safe_updates: '1',
  sql_auto_is_null: '1',
  foreign_key_checks: '0',
  unique_checks: '0',
  character_set_client: 'gbk',
  character_set_connection: 'gbk',
  character_set_results: 'gbk',
  collation_connection: 'gbk_chinese_ci',
}

const attacks = [
  "\\' OR 1=1 -- ",
  "' OR 1=1 -- ",
  '" OR 1=1 -- ',
  '\\" OR ""="',
  "縗' OR 1=1 -- ",
  "\xbf' OR 1=1 -- ",
]

describe('a session on a server of other settings', () => {
  let mariadb: Mariadb
  let url: string
  let db: Knex
  const rows = () => db.table('row')

  before(async function () {
    requireProgram(this, 'mariadbd')
    mariadb = await startMariadb()
    url = await mariadb.createDatabase()
    const sets = Object.entries(hostile).map(([name, value]) => `GLOBAL ${name} = ${value}`)
    await mariadb.run(`SET ${sets.join(', ')}`)
    db = connect({ kind: 'mysql', url }, { poolSize: 1 })
    await db.schema.createTable('row', (table) => {
      table.increments('id')
      table.string('text', 20).notNullable()
    })
    await rows().insert([{ text: 'one' }, { text: '张三 👋' }, { text: '' }])
  })
  after(async () => {
    await db?.destroy()
    await mariadb?.stop()
  })

  it('is ours all the same', async () => {
    const [[found]] = await db.raw(
      'SELECT @@sql_mode, @@time_zone, @@tx_isolation, @@autocommit, @@completion_type, ' +
        '@@sql_safe_updates, @@sql_auto_is_null, @@foreign_key_checks, @@unique_checks, @@character_set_client, ' +
        '@@character_set_results, @@collation_connection',
    )
    expect(Object.values(found)).to.deep.equal([
      'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION',
      '+00:00',
      'READ-COMMITTED',
      1,
      'NO_CHAIN',
      0,
      0,
      1,
      1,
      'utf8mb4',
      'utf8mb4',
      'utf8mb4_general_ci',
    ])
  })

  it('reads every row, keeps every character, and cuts nothing off', async () => {
    expect(await rows().orderBy('id').pluck('text')).to.deep.equal(['one', '张三 👋', ''])
    const error = await rows()
      .insert({ text: 'x'.repeat(21) })
      .then(
        () => undefined,
        (error: unknown) => error,
      )
    expect(error).to.have.property('code', 'ER_DATA_TOO_LONG')
  })

  it('commits what it wrote outside a transaction', async () => {
    await rows().insert({ id: 77, text: 'kept' })
    const other = connect({ kind: 'mysql', url })
    expect(await other('row').where({ id: 77 }).pluck('text')).to.deep.equal(['kept'])
    await other.destroy()
    await rows().where({ text: 'kept' }).delete()
  })

  it('finds nobody by a value that would be SQL, whatever a backslash means', async () => {
    for (const mode of ['', 'NO_BACKSLASH_ESCAPES', 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES']) {
      // What a proxy or a person might do to a session that was looked at.
      await db.raw(`SET sql_mode = '${mode}'`)
      for (const attack of attacks) {
        expect(await rows().where({ text: attack }), attack).to.deep.equal([])
        expect(await rows().whereRaw("text like ? escape '|'", [attack]), attack).to.deep.equal([])
        expect(await rows().whereIn('text', [attack, attack]).count({ n: '*' }), attack).to.deep.equal([
          { n: 0 },
        ])
        expect(
          await db.transaction((db) => db.table('row').where({ text: attack }).update({ text: '' })),
        ).to.equal(0)
      }
    }
    await db.raw("SET sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'")
  })

  it('sends no value inside SQL', async () => {
    await mariadb.run("SET GLOBAL log_output = 'TABLE', GLOBAL general_log = 1")
    await rows().where({ text: 'a secret of the user' }).select('id').limit(5)
    await rows().insert({ id: 78, text: 'a secret of the user' })
    await rows().where({ id: 78 }).update({ text: 'a secret too' })
    await mariadb.run('SET GLOBAL general_log = 0')
    const logged = await db
      .from('mysql.general_log')
      .whereIn('command_type', ['Query', 'Prepare'])
      .select(db.raw('cast(argument as char) as text'))
    expect(logged.length).to.be.greaterThan(2)
    expect(logged.map(({ text }) => String(text)).filter((text) => text.includes('secret'))).to.deep.equal([])
    await rows().where({ id: 78 }).delete()
  })

  it('waits for a lock for half as long as a statement may take, be its connection older than that limit', async () => {
    const other = connect({ kind: 'mysql', url }, { poolSize: 1 })
    const seconds = async () => {
      const [[row]] = await other.raw('SELECT @@innodb_lock_wait_timeout AS seconds')
      return row.seconds
    }
    expect(await seconds()).to.equal(50)
    limitStatements(other, 4000)
    expect(await seconds()).to.equal(2)
    await other.destroy()
  })

  it('is refused by name where the server does not know a setting', async () => {
    const forms = {
      zone: 'Mars/Olympus',
      conversions: new Map(),
      fills: new Map(),
      kept: new Map(),
      messageCats: undefined,
    }
    const other = connect({ kind: 'mysql', url }, { forms })
    const error = await other.raw('SELECT 1').then(
      () => undefined,
      (error: unknown) => error,
    )
    await other.destroy()
    expect(String(error)).to.include('Mars/Olympus')
  })
})

describe('a session that does not keep what it was told', () => {
  it('is refused by the names of the settings, and its connection dropped', async () => {
    const dropped: string[] = []
    const shown = [
      { Variable_name: 'sql_mode', Value: 'NO_BACKSLASH_ESCAPES' },
      { Variable_name: 'time_zone', Value: '+00:00' },
      { Variable_name: 'autocommit', Value: 'OFF' },
    ]
    const connection: MysqlConnection = {
      query: (_, done) => done(null, shown),
      execute: () => expect.fail('nothing of it has values'),
      prepare: () => expect.fail('nor is prepared'),
      end: () => expect.fail('nor told to go'),
      destroy: () => dropped.push('connection'),
      stream: { destroy: () => dropped.push('stream') },
    }
    const error = await beginSession(connection, { zone: '+00:00', lockSeconds: 5, isCausal: true }).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(error).to.be.instanceOf(DatabaseSessionError)
    expect(String(error)).to.equal(
      "DatabaseSessionError: the database does not keep a session's settings: " +
        'sql_mode is NO_BACKSLASH_ESCAPES, wanted STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION; autocommit is OFF, wanted ON',
    )
    expect(isDatabaseUnavailable(error)).to.equal(true)
    expect(dropped).to.deep.equal(['connection', 'stream'])
  })

  it('is refused on SQLite too, as on a network disk without a log', () => {
    const connection = { pragma: () => [{ journal_mode: 'delete' }] }
    expect(() => applySqliteSettings(connection)).to.throw(
      DatabaseSessionError,
      'journal_mode is delete, wanted WAL',
    )
  })
})

describe('a session at a node of a Galera cluster', () => {
  const begin = async (isOn: string, isCausal: boolean) => {
    const asked: string[] = []
    const connection: MysqlConnection = {
      query: (sql, done) => {
        asked.push(sql)
        done(null, [{ Variable_name: 'wsrep_on', Value: isOn }])
      },
      execute: () => expect.fail('nothing of it has values'),
      prepare: () => expect.fail('nor is prepared'),
      end: () => expect.fail('it is kept'),
      destroy: () => expect.fail('it is kept'),
      stream: { destroy: () => {} },
    }
    const isOnCluster = await beginSession(connection, { zone: '+00:00', lockSeconds: 5, isCausal })
    return { isOnCluster, waits: asked.filter((sql) => sql.includes('wsrep_sync_wait')) }
  }

  it('waits for what was committed at other nodes before it reads, changes or removes', async () => {
    const waits = ['SET SESSION wsrep_sync_wait = 3']
    expect(await begin('ON', true)).to.deep.equal({ isOnCluster: true, waits })
  })

  it('does not where it is only asked whether the node takes writes, nor on a server by itself', async () => {
    expect(await begin('ON', false)).to.deep.equal({ isOnCluster: true, waits: [] })
    expect(await begin('OFF', true)).to.deep.equal({ isOnCluster: false, waits: [] })
  })
})
