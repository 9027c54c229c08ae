import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from '../../db/connect.js'
import { migrate } from '../../db/migrate.js'
import { makePrivateFolder } from './processes/leftovers.js'
import type { Mariadb } from './mariadb.js'

// Migrating takes most of a second and a copy a few hundredths of one, so each process migrates once.

let sqliteFile: Promise<string> | undefined

/** Makes a SQLite file of this version's tables, as migrating an empty one makes them. */
export async function copySqliteTemplate(file: string): Promise<void> {
  sqliteFile ??= makeSqliteTemplate()
  copyFileSync(await sqliteFile, file)
}

async function makeSqliteTemplate(): Promise<string> {
  const file = join(makePrivateFolder('template'), 'passport.db')
  const db = connect({ kind: 'sqlite', file })
  await migrate(db)
  // What the write-ahead log holds is not in the file yet, and closing does not bring it there.
  await db.raw('PRAGMA wal_checkpoint(TRUNCATE)')
  await db.destroy()
  return file
}

/** SQL that makes this version's tables in another database of the server, as migrating an empty one makes them. */
export async function makeMariadbTemplate(mariadb: Mariadb): Promise<string> {
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
      if (await db(table).first()) statements.push(`INSERT INTO ${table} SELECT * FROM ${name}.${table}`)
    }
    return statements.join(';\n')
  } finally {
    await db.destroy()
  }
}
