import type { Knex } from 'knex'
import { isMysql } from '../../../db/connect.js'
import { migrate, pendingMigrations } from '../../../db/migrate.js'
import { listTables } from '../../db/target.js'

/** A column as far as it matters to a server that was written before it, or that does not know it. */
interface Column {
  readonly type: string
  readonly isNullable: boolean
  readonly hasDefault: boolean
}

/** What a server may rely on: columns by `table.column`, and which columns are unique together. */
export interface Tables {
  readonly columns: ReadonlyMap<string, Column>
  readonly unique: ReadonlySet<string>
}

/** Brings an empty database to the tables of those migrations alone, whose names are given. */
export async function migrateTo(db: Knex, names: readonly string[]): Promise<void> {
  const later = (await pendingMigrations(db)).filter((name) => !names.includes(name))
  // As if they had been done: so they are left out.
  const migrationSource = { getMigrations: async () => [], getMigrationName: String, getMigration: never }
  await db.migrate.currentVersion({ tableName: 'gateway_migration', migrationSource })
  for (const name of later)
    await db('gateway_migration').insert({ name, batch: 1, migration_time: new Date() })
  await migrate(db)
  await db('gateway_migration').whereIn('name', later).delete()
}

function never(): never {
  throw new Error('there is no migration here')
}

export async function readTables(db: Knex): Promise<Tables> {
  return isMysql(db) ? readMysql(db) : readSqlite(db)
}

async function readMysql(db: Knex): Promise<Tables> {
  const ours = (table: string) => db(`information_schema.${table}`).whereRaw('table_schema = database()')
  const columns = await ours('columns').select({
    table: 'table_name',
    name: 'column_name',
    type: 'column_type',
    nullable: 'is_nullable',
    default: 'column_default',
    extra: 'extra',
  })
  const keys = await ours('statistics')
    .where({ non_unique: 0 })
    .groupBy('table_name', 'index_name')
    .select({ table: 'table_name' })
    .select(db.raw("group_concat(column_name order by seq_in_index separator ', ') as names"))
  return {
    columns: new Map(
      columns.map((row) => [
        `${row.table}.${row.name}`,
        {
          type: String(row.type),
          isNullable: row.nullable === 'YES',
          hasDefault: row.default !== null || /auto_increment|GENERATED/i.test(String(row.extra)),
        },
      ]),
    ),
    unique: new Set(keys.map(({ table, names }) => `${table} (${names})`)),
  }
}

async function readSqlite(db: Knex): Promise<Tables> {
  const columns = new Map<string, Column>()
  const unique = new Set<string>()
  for (const table of await listTables(db)) {
    const rows = await pragma<{
      name: string
      type: string
      notnull: number
      dflt_value: unknown
      pk: number
    }>(db, `table_info(${table})`)
    for (const { name, type, notnull, dflt_value, pk } of rows)
      columns.set(`${table}.${name}`, {
        type: type.toLowerCase(),
        isNullable: notnull === 0 && pk === 0,
        hasDefault: dflt_value !== null || (pk === 1 && /integer/i.test(type)),
      })
    const key = rows.filter(({ pk }) => pk > 0).sort((left, right) => left.pk - right.pk)
    if (key.length > 0) unique.add(`${table} (${key.map(({ name }) => name).join(', ')})`)
    for (const index of await pragma<{ name: string; unique: number }>(db, `index_list(${table})`)) {
      const parts = await pragma<{ name: string }>(db, `index_info(${index.name})`)
      if (index.unique === 1) unique.add(`${table} (${parts.map(({ name }) => name).join(', ')})`)
    }
  }
  return { columns, unique }
}

async function pragma<Row>(db: Knex, what: string): Promise<Row[]> {
  const rows: unknown = await db.raw(`PRAGMA ${what}`)
  return rows as Row[]
}

/**
 * What a server that knows the earlier tables can't do on the later ones, a line for each: only tables, columns that may
 * be left out, wider types and indexes that refuse nothing may be added, and nothing may go.
 */
export function findContractions(earlier: Tables, later: Tables): string[] {
  const tables = new Set([...earlier.columns.keys()].map(tableOf))
  const gone = [...earlier.columns.keys()].filter((name) => !later.columns.has(name))
  const changed = [...earlier.columns].flatMap(([name, before]) => {
    const after = later.columns.get(name)
    if (!after) return []
    return [
      ...(before.isNullable && !after.isNullable ? [`${name} takes no null any more`] : []),
      ...(before.hasDefault && !after.hasDefault && !after.isNullable
        ? [`${name} has no default any more`]
        : []),
      ...(isNarrower(before.type, after.type) ? [`${name} was ${before.type}, and is ${after.type}`] : []),
    ]
  })
  const needed = [...later.columns]
    .filter(([name]) => tables.has(tableOf(name)) && !earlier.columns.has(name))
    .filter(([, { isNullable, hasDefault }]) => !isNullable && !hasDefault)
  const keys = [...later.unique].filter(
    (key) => tables.has(key.replace(/ \(.*/, '')) && !earlier.unique.has(key),
  )
  const lostKeys = [...earlier.unique].filter((key) => !later.unique.has(key))
  return [
    ...gone.map((name) => `${name} is gone`),
    ...changed,
    ...needed.map(([name]) => `${name} is new, and must be given`),
    ...keys.map((key) => `${key} is unique now`),
    ...lostKeys.map((key) => `${key} is unique no more`),
  ].sort()
}

const tableOf = (column: string): string => column.replace(/\..*/, '')

/** The same kind with a longer length is wider; any other type is another one. */
function isNarrower(before: string, after: string): boolean {
  if (before === after) return false
  const parts = (type: string) => /^([a-z ]+)\((\d+)\)(.*)$/.exec(type)?.slice(1) ?? [type, '0', '']
  const [kind, length, rest] = parts(before)
  const [newKind, newLength, newRest] = parts(after)
  return kind !== newKind || rest !== newRest || Number(newLength) < Number(length)
}
