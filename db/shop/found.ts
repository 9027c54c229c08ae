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
  const wanted = (view: string) =>
    db(`information_schema.${view}`)
      .whereRaw('table_schema = database()')
      .whereIn('table_name', Object.keys(wantedTables))
  // Not joined: MariaDB then looks at each table once per column, which takes ten times as long.
  const engines: SchemaRow[] = await wanted('tables')
    .orderBy('table_name')
    .select({ table_name: 'table_name', engine: 'engine' })
  const rows: SchemaRow[] = await wanted('columns').orderBy(['table_name', 'ordinal_position']).select({
    table_name: 'table_name',
    name: 'column_name',
    data_type: 'data_type',
    column_type: 'column_type',
    is_nullable: 'is_nullable',
    initial: 'column_default',
    length: 'character_maximum_length',
    charset: 'character_set_name',
    collation: 'collation_name',
    extra: 'extra',
  })
  const tables = new Map<string, { engine: string; columns: Map<string, FoundColumn> }>()
  for (const row of engines)
    tables.set(textOf(row['table_name']), { engine: textOf(row['engine']), columns: new Map() })
  for (const column of rows.map(readColumn)) tables.get(column.table)?.columns.set(column.name, column)
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
