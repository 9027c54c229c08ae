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

/**
 * Creates a table unless it is there: MySQL commits each DDL statement by itself, so a migration that was cut off
 * must be able to run again, and tables of an imported shop dump stay as they are.
 */
export async function createTable(db: Knex, name: string, build: (columns: Columns) => void): Promise<void> {
  if (await db.schema.hasTable(name)) return
  await db.schema.createTable(name, (table) => {
    if (isMysql(db)) {
      table.charset('utf8mb4')
      table.collate('utf8mb4_general_ci')
    }
    build(new Columns(table, isMysql(db)))
  })
}
