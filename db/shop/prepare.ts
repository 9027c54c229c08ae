import type { Knex } from 'knex'
import { type Finding, fitTables, newType, widerType } from './fit.js'
import { type FoundColumn, findTables } from './found.js'
import { addIndexesAtOnce } from '../migrations/table-builder.js'
import { wantedIndexes } from './indexes.js'
import { findStrayFlags } from './stray-flags.js'
import { ShopRefusedError } from './refused.js'
import { wantedTables } from './wanted.js'

/** What of the shop's tables is to be widened and added before they hold what we write. */
export interface Preparation {
  readonly changes: readonly Finding[]
  /**
   * Reads the rows of what could hold something else than we know.
   *
   * @throws ShopRefusedError when one does
   */
  checkRows(): Promise<void>
  /**
   * Does it, and adds our indexes: nothing but widening and adding, and nothing to a column's default, comment,
   * nullability or enum. Says which table is at work.
   */
  run(show?: (step: string) => void): Promise<void>
}

/**
 * Looks what an old shop's tables need. Reads only; a database without such tables needs nothing.
 *
 * @throws ShopRefusedError when a column cannot be adopted
 */
export async function prepareShop(db: Knex): Promise<Preparation> {
  const tables = await findTables(db)
  const findings = fitTables(tables).flatMap((table) => table.findings)
  refuse(findings)
  return {
    changes: findings,
    checkRows: async () => refuse(await findStrayFlags(db, tables)),
    async run(show) {
      for (const [table, { columns }] of tables) {
        const own = findings.filter((finding) => finding.table === table)
        const indexes = wantedIndexes[table] ?? []
        if (own.length === 0 && indexes.length === 0) continue
        // A database of our own is looked through too, and nobody has to be told to wait for that.
        if (findings.length > 0) show?.(`columns and indexes of ${table}`)
        if (own.length > 0) await changeTable(db, table, own, columns)
        await addIndexesAtOnce(db, table, indexes)
      }
    },
  }
}

/** `table.column: type found, type wanted`, one a line. */
export function describeFinding({ table, column, found, wanted }: Finding): string {
  return `${column === null ? table : `${table}.${column}`}: ${found}, wanted ${wanted}`
}

function refuse(findings: readonly Finding[]): void {
  const refused = findings.filter(({ verdict }) => verdict === 'refuse')
  if (refused.length > 0) throw new ShopRefusedError(describeRefusal(refused))
}

function describeRefusal(findings: readonly Finding[]): string {
  const lines = findings.map((finding) => `  ${describeFinding(finding)}`)
  return ["the shop's database cannot be adopted:", ...lines].join('\n')
}

async function changeTable(
  db: Knex,
  table: string,
  findings: readonly Finding[],
  columns: ReadonlyMap<string, FoundColumn>,
): Promise<void> {
  // One connection for all of it, in a mode that takes the zero dates of old defaults.
  await db.transaction(async (db) => {
    const [[{ mode }]] = (await db.raw('SELECT @@session.sql_mode AS mode')) as [[{ mode: string }]]
    await db.raw("SET @@session.sql_mode = ''")
    try {
      const definitions = await readDefinitions(db, table)
      const parts = findings.map(({ column }) => {
        const found = columns.get(column ?? '')
        return found ? widen(found, definitions.get(found.name) ?? '') : addition(table, column ?? '')
      })
      // Without bindings, as comments of the shop may hold a question mark.
      await db.raw(`ALTER TABLE ${quote(table)} ${parts.join(', ')}`)
    } finally {
      await db.raw('SET @@session.sql_mode = ?', [mode])
    }
  })
}

/** What SHOW CREATE TABLE writes behind the name of each column: all that there is to keep. */
async function readDefinitions(db: Knex, table: string): Promise<Map<string, string>> {
  const [rows] = (await db.raw('SHOW CREATE TABLE ??', [table])) as [Record<string, string>[]]
  const lines = (rows[0]?.['Create Table'] ?? '').split('\n')
  return new Map(
    lines.flatMap((line) => {
      const match = /^\s*`([^`]+)` (.*?),?$/.exec(line)
      return match?.[1] === undefined ? [] : [[match[1], match[2] ?? ''] as const]
    }),
  )
}

function widen(column: FoundColumn, definition: string): string {
  const wanted = wantedTables[column.table]?.[column.name]
  const wide = wanted && widerType(wanted, column)
  if (!wide || !definition.toLowerCase().startsWith(column.columnType.toLowerCase()))
    throw new Error(`SHOW CREATE TABLE shows ${column.table}.${column.name} in a form that is not known`)
  const rest = definition.slice(column.columnType.length)
  const named = rest.replace(/^(?: CHARACTER SET \w+)?(?: COLLATE \w+)?/, '')
  const collation = wide.charset ? wideCollation(column.collation) : column.collation
  const charset =
    collation === null ? '' : ` CHARACTER SET ${collation.replace(/_.*/, '')} COLLATE ${collation}`
  return `MODIFY ${quote(column.name)} ${wide.type}${charset}${named}`
}

/** The collation that orders all characters as this one orders its own. */
function wideCollation(collation: string | null): string {
  const order = /^utf8(?:mb3)?_(general_ci|unicode_ci|unicode_520_ci|bin)$/.exec(collation ?? '')?.[1]
  return `utf8mb4_${order ?? 'general_ci'}`
}

function addition(table: string, column: string): string {
  const wanted = wantedTables[table]?.[column]
  if (!wanted) throw new Error(`nothing is known of ${table}.${column}`)
  const { initial } = wanted
  const value = typeof initial === 'string' ? `'${initial}'` : String(initial)
  const rest = initial === null ? 'NULL' : `NOT NULL DEFAULT ${value}`
  return `ADD ${quote(column)} ${newType(wanted)} ${rest}`
}

const quote = (name: string): string => `\`${name}\``
