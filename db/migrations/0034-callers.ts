import type { Knex } from 'knex'
import { addMissingColumns, createTable } from './table-builder.js'

/**
 * Who calls, in one table in place of two, which stay for nodes of the version before: they have what these counted until now.
 * And which guards of an application report only, until when.
 */
export async function up(db: Knex): Promise<void> {
  await createTable(db, 'caller_count', (columns) => {
    columns.key('app_name', 64)
    columns.key('method', 100)
    columns.key('client_version', 32)
    columns.key('scheme', 12)
    columns.key('network', 50)
    columns.key('finding', 100)
    columns.table.bigInteger('calls').notNullable().defaultTo(0)
    columns.time('first_seen_at').notNullable()
    columns.time('last_seen_at').notNullable()
    columns.table.primary(['app_name', 'method', 'client_version', 'scheme', 'network', 'finding'])
    columns.table.index(['last_seen_at'])
  })
  await copy(db, 'app_caller', { method: '', scheme: '', network: '', finding: '' })
  await copy(db, 'credential_caller', { scheme: '', finding: 'query-credentials' })
  await addMissingColumns(db, 'client_app', {
    report_only: (columns) => columns.table.string('report_only', 200).nullable(),
  })
}

const counts = [
  'app_name',
  'method',
  'client_version',
  'network',
  'calls',
  'first_seen_at',
  'last_seen_at',
] as const

/** Again as often as it is cut off: what was copied is left alone. */
async function copy(db: Knex, from: string, given: Readonly<Record<string, string>>): Promise<void> {
  const own = counts.filter((column) => !(column in given))
  const names = [...own, ...Object.keys(given)]
  const known = db('caller_count as known').where(given)
  for (const column of own)
    if (!numbers.has(column)) known.whereRaw('?? = ??', [`known.${column}`, `${from}.${column}`])
  const values = db(from)
    .select(own)
    .select(Object.values(given).map((value) => db.raw('?', [value])))
    .whereNotExists(known)
  await db.into(db.raw(`?? (${names.map(() => '??').join(', ')})`, ['caller_count', ...names])).insert(values)
}

const numbers = new Set<string>(['calls', 'first_seen_at', 'last_seen_at'])
