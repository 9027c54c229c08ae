import type { Knex } from 'knex'
import { wantedTables } from './wanted.js'

/** A column as information_schema shows it. */
export interface FoundColumn {
  readonly table: string
  readonly name: string
  /** `varchar`, `bit`, … */
  readonly dataType: string
  /** `varchar(50)`, `int(11) unsigned`, … */
  readonly columnType: string
  readonly isNullable: boolean
  /** Without quotes; null: none. */
  readonly initial: string | null
  readonly length: number | null
  readonly charset: string | null
  readonly collation: string | null
  /** `auto_increment`, `on update current_timestamp()`, … in lower case. */
  readonly extra: string
}

export interface FoundTable {
  readonly engine: string
  readonly columns: ReadonlyMap<string, FoundColumn>
}

interface SchemaRow {
  readonly [name: string]: string | number | null
}

/** Those of the wanted tables that a MySQL database holds, as they stand. */
export async function findTables(db: Knex): Promise<ReadonlyMap<string, FoundTable>> {
  const names = Object.keys(wantedTables)
  const rows: SchemaRow[] = await db('information_schema.columns as c')
    .join('information_schema.tables as t', (on) =>
      on.on('t.table_schema', 'c.table_schema').andOn('t.table_name', 'c.table_name'),
    )
    .whereRaw('c.table_schema = database()')
    .whereIn('c.table_name', names)
    .orderBy(['c.table_name', 'c.ordinal_position'])
    .select({
      table_name: 'c.table_name',
      engine: 't.engine',
      name: 'c.column_name',
      data_type: 'c.data_type',
      column_type: 'c.column_type',
      is_nullable: 'c.is_nullable',
      initial: 'c.column_default',
      length: 'c.character_maximum_length',
      charset: 'c.character_set_name',
      collation: 'c.collation_name',
      extra: 'c.extra',
    })
  const tables = new Map<string, { engine: string; columns: Map<string, FoundColumn> }>()
  for (const row of rows) {
    const column = readColumn(row)
    const table = tables.get(column.table) ?? { engine: textOf(row['engine']), columns: new Map() }
    table.columns.set(column.name, column)
    tables.set(column.table, table)
  }
  return tables
}

function readColumn(row: SchemaRow): FoundColumn {
  return {
    table: textOf(row['table_name']),
    name: textOf(row['name']),
    dataType: textOf(row['data_type']).toLowerCase(),
    columnType: textOf(row['column_type']),
    isNullable: row['is_nullable'] === 'YES',
    initial: readDefault(row['initial'] ?? null),
    length: row['length'] === null ? null : Number(row['length']),
    charset: row['charset'] === null ? null : textOf(row['charset']),
    collation: row['collation'] === null ? null : textOf(row['collation']),
    extra: textOf(row['extra']).toLowerCase(),
  }
}

const textOf = (value: string | number | null | undefined): string => String(value ?? '')

/** MariaDB shows a default as it is written in SQL, MySQL its value; `b'1'` is shown by both. */
function readDefault(shown: string | number | null): string | null {
  if (shown === null || shown === 'NULL') return null
  const quoted = /^b?'([\s\S]*)'$/.exec(String(shown))
  return quoted ? (quoted[1] ?? '').replaceAll("''", "'") : String(shown)
}
