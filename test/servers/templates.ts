import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from '../../db/connect.js'
import { migrate } from '../../db/migrate.js'
import { type Mariadb, startMariadb } from './mariadb.js'
import { findProgram } from './processes/process.js'
import { handDownWhatWasMade, madeOnce } from './run-folder.js'

// Migrating takes most of a second and a copy a few hundredths of one, so each run migrates once.

/** Makes what every process of a run begins with, and hands it to those that this one starts. */
export async function prepareRun(): Promise<void> {
  await madeOnce('passport.db', makeSqliteTemplate)
  if (findProgram('mariadbd') !== undefined && findProgram('mariadb-install-db') !== undefined) {
    const mariadb = await startMariadb()
    await readMariadbTemplate(mariadb)
    await mariadb.stop()
  }
  handDownWhatWasMade()
}

/** Makes a SQLite file of this version's tables, as migrating an empty one makes them. */
export async function copySqliteTemplate(file: string): Promise<void> {
  copyFileSync(await madeOnce('passport.db', makeSqliteTemplate), file)
}

async function makeSqliteTemplate(file: string): Promise<void> {
  const db = connect({ kind: 'sqlite', file })
  await migrate(db)
  // What the write-ahead log holds is not in the file yet, and closing does not bring it there.
  await db.raw('PRAGMA wal_checkpoint(TRUNCATE)')
  await db.destroy()
}

/** SQL that makes this version's tables in a database of the server, as migrating an empty one makes them. */
export async function readMariadbTemplate(mariadb: Mariadb): Promise<string> {
  const make = async (file: string) => writeFileSync(file, await makeMariadbTemplate(mariadb))
  return readFileSync(await madeOnce('tables.sql', make), 'utf8')
}

async function makeMariadbTemplate(mariadb: Mariadb): Promise<string> {
  const url = await mariadb.createDatabase()
  const name = new URL(url).pathname.slice(1)
  const db = connect({ kind: 'mysql', url })
  try {
    await migrate(db)
    const statements: string[] = []
    const tables = await db('information_schema.tables').where({ table_schema: name }).pluck('table_name')
    for (const table of tables.map(String)) {
      const [[made]] = (await db.raw('SHOW CREATE TABLE ??', [table])) as [[{ 'Create Table': string }]]
      statements.push(made['Create Table'])
      const rows = await db(table)
      if (rows.length > 0) statements.push(db(table).insert(rows).toQuery())
    }
    return statements.join(';\n')
  } finally {
    await db.destroy()
    await mariadb.dropDatabase(url)
  }
}
