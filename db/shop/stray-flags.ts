import type { Knex } from 'knex'
import type { Finding, TableFit } from './fit.js'
import type { FoundTable } from './found.js'
import { isAdoptable } from './physical.js'
import { wantedTables } from './wanted.js'

const texts = ['char', 'varchar', 'enum']

/** Flags kept as text whose rows hold something else than 0 and 1: nobody knows what it means. Reads their tables. */
export async function findStrayFlags(db: Knex, tables: ReadonlyMap<string, FoundTable>): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [table, { columns }] of tables) {
    for (const column of columns.values()) {
      const kind = wantedTables[table]?.[column.name]?.kind
      if (kind !== 'flag' || !texts.includes(column.dataType) || !isAdoptable(kind, column)) continue
      const row = await db
        .from(table)
        .whereNotIn(column.name, ['0', '1'])
        .count({ rows: '*' })
        .countDistinct({ values: column.name })
        .first<{ rows: number; values: number } | undefined>()
      const { rows = 0, values = 0 } = row ?? {}
      if (rows > 0)
        findings.push({
          table,
          column: column.name,
          verdict: 'refuse',
          found: `${column.columnType} with ${rows} rows of ${values} other values`,
          wanted: "flag: '0' or '1' in every row",
        })
    }
  }
  return findings
}

/** The tables' fits, with these findings where a column's type alone was right. */
export function withFindings(fits: readonly TableFit[], findings: readonly Finding[]): TableFit[] {
  return fits.map((fit) => {
    const own = findings.filter(({ table }) => table === fit.table)
    return { ...fit, fits: fit.fits - own.length, findings: [...fit.findings, ...own] }
  })
}
