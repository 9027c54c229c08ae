import type { Knex } from 'knex'
import { isMysql } from '../connect.js'

/** Column kinds that mean the same on both databases. */
export class Columns {
  readonly table: Knex.CreateTableBuilder
  private readonly mysql: boolean

  constructor(table: Knex.CreateTableBuilder, mysql: boolean) {
    this.table = table
    this.mysql = mysql
  }

  /** Text compared byte by byte: keys, digests, addresses. */
  key(name: string, length = 190): Knex.ColumnBuilder {
    const column = this.table.string(name, length).notNullable()
    return this.mysql ? column.collate('utf8mb4_bin') : column
  }

  /** Short text, empty unless given. */
  text(name: string, length: number): Knex.ColumnBuilder {
    return this.table.string(name, length).notNullable().defaultTo('')
  }

  /** Milliseconds since 1970. */
  time(name: string): Knex.ColumnBuilder {
    return this.table.bigInteger(name)
  }

  /** A user's id; unsigned as in the old tables. */
  userId(name = 'user_id'): Knex.ColumnBuilder {
    return this.table.integer(name).unsigned().notNullable()
  }

  /** A whole number, `value` unless given. */
  count(name: string, value = 0): Knex.ColumnBuilder {
    return this.table.integer(name).notNullable().defaultTo(value)
  }

  /** Money with two decimals. */
  money(name: string): Knex.ColumnBuilder {
    return this.table.decimal(name, 12, 2).notNullable().defaultTo(0)
  }
}

/** The comment of a table that is still being made, on MySQL. */
const unfinished = 'unfinished: made anew by the next start'

/**
 * Creates a table with its first rows, unless it is there: tables of an imported shop dump stay as they are. A table
 * is there as a whole or not at all, wherever a migration is cut off: SQLite makes it in one transaction; MySQL
 * commits every statement by itself, so there the table is marked until its last index and row are in.
 */
export async function createTable(
  db: Knex,
  name: string,
  build: (columns: Columns) => void,
  rows: readonly object[] = [],
): Promise<void> {
  if (isMysql(db)) {
    if (await isUnfinished(db, name)) await db.schema.dropTable(name)
    if (await db.schema.hasTable(name)) return
    await fill(db, name, build, rows)
    await db.raw("ALTER TABLE ?? COMMENT = ''", [name])
  } else if (!(await db.schema.hasTable(name))) {
    await db.transaction((db) => fill(db, name, build, rows))
  }
}

async function fill(
  db: Knex,
  name: string,
  build: (columns: Columns) => void,
  rows: readonly object[],
): Promise<void> {
  await db.schema.createTable(name, (table) => {
    if (isMysql(db)) {
      table.charset('utf8mb4')
      table.collate('utf8mb4_general_ci')
      table.comment(unfinished)
    }
    build(new Columns(table, isMysql(db)))
  })
  if (rows.length > 0) await db(name).insert(rows)
}

async function isUnfinished(db: Knex, name: string): Promise<boolean> {
  const table = await db('information_schema.tables')
    .whereRaw('table_schema = database()')
    .where({ table_name: name, table_comment: unfinished })
    .first('table_name')
  return table !== undefined
}
