import type { Knex } from 'knex'
import { connect, type DatabaseTarget, isMysql } from '../../db/connect.js'
import type { TestDatabase } from '../servers/databases.js'

/** A suite's database as db/connect.ts takes it. */
export function targetOf({ kind, url }: TestDatabase): DatabaseTarget {
  return kind === 'sqlite' ? { kind, file: url.slice('sqlite:'.length) } : { kind, url }
}

/** Opens a pool on a suite's database; who opens it closes it. */
export function open(database: TestDatabase, poolSize?: number): Knex {
  return connect(targetOf(database), poolSize === undefined ? {} : { poolSize })
}

/** Names of all tables, sorted. */
export async function listTables(db: Knex): Promise<string[]> {
  const names = isMysql(db)
    ? db('information_schema.tables').whereRaw('table_schema = database()').pluck('table_name')
    : db('sqlite_master').where({ type: 'table' }).whereNot('name', 'like', 'sqlite_%').pluck('name')
  return (await names).map(String).sort()
}

/** Removes every table. */
export async function dropAllTables(db: Knex): Promise<void> {
  for (const name of await listTables(db)) await db.schema.dropTable(name)
}

/** All that makes up the tables but their rows: columns with their kinds, keys and indexes. */
export async function describeTables(db: Knex): Promise<unknown> {
  if (!isMysql(db))
    return db('sqlite_master').select('type', 'tbl_name', 'name', 'sql').orderBy(['tbl_name', 'type', 'name'])
  const ours = (table: string) => db(`information_schema.${table}`).whereRaw('table_schema = database()')
  return {
    tables: await ours('tables')
      .select('table_name', 'table_collation', 'table_comment')
      .orderBy('table_name'),
    columns: await ours('columns')
      .select('table_name', 'column_name', 'column_type', 'is_nullable', 'column_default', 'collation_name')
      .orderBy(['table_name', 'ordinal_position']),
    indexes: await ours('statistics')
      .select('table_name', 'index_name', 'non_unique', 'seq_in_index', 'column_name')
      .orderBy(['table_name', 'index_name', 'seq_in_index']),
  }
}
