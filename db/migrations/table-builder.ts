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

/** Adds those of our columns that an imported table does not have. */
export async function addMissingColumns(
  db: Knex,
  name: string,
  wanted: Readonly<Record<string, (columns: Columns) => void>>,
): Promise<void> {
  for (const [column, build] of Object.entries(wanted)) {
    // Each by itself: MySQL commits every change of a table, and a migration may be cut off between two.
    if (await db.schema.hasColumn(name, column)) continue
    await db.schema.alterTable(name, (table) => build(new Columns(table, isMysql(db))))
  }
}

/** Gives an imported table an index that begins with a column; SQLite holds no imported tables. */
export async function addMissingIndex(db: Knex, name: string, column: string): Promise<void> {
  if (!isMysql(db)) return
  const index = await db('information_schema.statistics')
    .whereRaw('table_schema = database()')
    .where({ table_name: name, column_name: column, seq_in_index: 1 })
    .first('index_name')
  if (!index) await db.schema.alterTable(name, (table) => table.index([column]))
}

/**
 * Gives a table an index on these columns, each with ` desc` behind it or not, unless it has one that begins with them;
 * on both databases. Named as knex does; MySQL takes at most 64 characters.
 */
export async function addIndex(
  db: Knex,
  table: string,
  columns: readonly string[],
  name = nameOf(table, columns),
): Promise<void> {
  const [index] = await missingIndexes(db, table, [{ columns, name }])
  if (!index) return
  await db.raw(`CREATE INDEX ?? ON ?? (${partsOf(columns)})`, [name, table, ...columns.map(bare)])
}

/** An index on columns, each with ` desc` behind it or not. */
export interface Index {
  readonly columns: readonly string[]
  readonly name?: string
}

/** As `addIndex`, all those of a MySQL table in one pass over its rows. */
export async function addIndexesAtOnce(db: Knex, table: string, indexes: readonly Index[]): Promise<void> {
  const missing = await missingIndexes(db, table, indexes)
  if (missing.length === 0) return
  const additions = missing.map(({ columns }) => `ADD INDEX ?? (${partsOf(columns)})`).join(', ')
  const names = missing.flatMap(({ columns, name = nameOf(table, columns) }) => [name, ...columns.map(bare)])
  await db.raw(`ALTER TABLE ?? ${additions}`, [table, ...names])
}

async function missingIndexes(db: Knex, table: string, indexes: readonly Index[]): Promise<readonly Index[]> {
  const found = [...(await indexesOf(db, table)).values()]
  return indexes.filter(
    ({ columns }) => !found.some((index) => columns.every((column, at) => index[at] === bare(column))),
  )
}

const bare = (column: string): string => column.replace(/ desc$/, '')
const nameOf = (table: string, columns: readonly string[]): string => `${table}_${columns.join('_')}_index`

function partsOf(columns: readonly string[]): string {
  return columns.map((column) => (column.endsWith(' desc') ? '?? desc' : '??')).join(', ')
}

/** Takes an index of ours away that a longer one made needless, if it is there; on both databases. */
export async function dropIndex(db: Knex, table: string, columns: readonly string[]): Promise<void> {
  const name = nameOf(table, columns)
  if (!(await indexesOf(db, table)).has(name)) return
  await db.schema.alterTable(table, (table) => table.dropIndex([], name))
}

/** The columns of a table's indexes, by the names of these. */
async function indexesOf(db: Knex, table: string): Promise<Map<string, string[]>> {
  const parts: { index_name: string; column_name: string }[] = isMysql(db)
    ? await db('information_schema.statistics')
        .whereRaw('table_schema = database()')
        .where({ table_name: table })
        .orderBy(['index_name', 'seq_in_index'])
        .select(db.raw('index_name AS index_name'), db.raw('column_name AS column_name'))
    : await db
        .from(db.raw('pragma_index_list(?) as list, pragma_index_info(list.name) as part', [table]))
        .orderBy(['list.name', 'part.seqno'])
        .select('list.name as index_name', 'part.name as column_name')
  const indexes = new Map<string, string[]>()
  for (const { index_name, column_name } of parts)
    indexes.set(index_name, [...(indexes.get(index_name) ?? []), column_name])
  return indexes
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
