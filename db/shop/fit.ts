import type { FoundColumn, FoundTable } from './found.js'
import { acceptedTypes, isAdoptable } from './physical.js'
import { type WantedColumn, wantedTables } from './wanted.js'

/** What an adoption would do about a column: make room in it, add it, or fail as nobody can keep what we mean there. */
export interface Finding {
  readonly table: string
  /** Null: the table as a whole. */
  readonly column: string | null
  readonly verdict: 'widen' | 'add' | 'refuse'
  /** Type found; `missing`. */
  readonly found: string
  readonly wanted: string
}

/** What of a table fits as it is, and what does not. */
export interface TableFit {
  readonly table: string
  /** Columns that fit. */
  readonly fits: number
  /** Columns that are the shop's alone: never read, never written. */
  readonly others: number
  readonly findings: readonly Finding[]
}

/** Columns by the names that this server's first version gave them; a migration renames them. */
const formerNames: Readonly<Record<string, string>> = {
  points_kind_id: 'points_kind',
  points_type_id: 'points_type',
  points_log_points: 'points_log_value',
  user_points: 'user_balance',
  exp_kind_id: 'exp_kind',
  exp_type_id: 'exp_type',
  user_exp: 'user_balance',
  user_admin_ctime: 'created_at',
  user_role_buildin: 'user_role_is_buildin',
}

/** Compares the tables that a database holds with what we need of them. */
export function fitTables(tables: ReadonlyMap<string, FoundTable>): TableFit[] {
  return [...tables].map(([table, found]) => {
    const wanted = Object.entries(wantedTables[table] ?? {})
    const engine: Finding[] =
      found.engine.toLowerCase() === 'innodb'
        ? []
        : [
            {
              table,
              column: null,
              verdict: 'refuse',
              found: `engine ${found.engine}`,
              wanted: 'engine InnoDB',
            },
          ]
    const findings = wanted.flatMap(([name, column]) => fitColumn(table, name, column, found))
    const missing = findings.filter((finding) => finding.found === 'missing').length
    return {
      table,
      fits: wanted.length - findings.length,
      others: found.columns.size - wanted.length + missing,
      findings: [...engine, ...findings],
    }
  })
}

function fitColumn(
  table: string,
  name: string,
  wanted: WantedColumn,
  { columns }: FoundTable,
): readonly Finding[] {
  const column = columns.get(name)
  const finding = (verdict: Finding['verdict'], type: string): Finding[] => [
    { table, column: name, verdict, found: column?.columnType ?? 'missing', wanted: type },
  ]
  if (!column) {
    if (columns.has(formerNames[name] ?? '')) return []
    return wanted.isKey ? finding('refuse', describe(wanted)) : finding('add', newType(wanted))
  }
  if (!isAdoptable(wanted.kind, column)) return finding('refuse', describe(wanted))
  const wide = widerType(wanted, column)
  return wide === undefined ? [] : finding('widen', wide.charset ? `${wide.type} utf8mb4` : wide.type)
}

function describe({ kind }: WantedColumn): string {
  return `${kind}: ${acceptedTypes[kind].join(', ')}`
}

/** The type of a column that we add. */
export function newType({ kind, length = 255, isDecimal }: WantedColumn): string {
  const types = {
    text: `varchar(${length})`,
    number: isDecimal ? 'decimal(16,6)' : 'int',
    flag: 'tinyint',
    time: 'bigint',
    moment: 'datetime',
    date: 'date',
  }
  return types[kind]
}

/**
 * The type that a column must have for what we write into it, where it is too narrow: more characters, all characters
 * there are, larger numbers. Undefined where it is wide enough.
 */
export function widerType(
  { kind, length = 0, most = 0 }: WantedColumn,
  column: FoundColumn,
): { readonly type: string; readonly charset: boolean } | undefined {
  const { columnType, dataType } = column
  if (kind === 'text') {
    const isNarrow = dataType !== 'enum' && (column.length ?? 0) < length
    const charset = column.charset !== null && column.charset !== 'utf8mb4'
    if (!isNarrow && !charset) return undefined
    // CHAR ends at 255 characters.
    const type = dataType === 'char' && length <= 255 ? 'char' : 'varchar'
    return { type: isNarrow ? `${type}(${length})` : columnType, charset }
  }
  if (most === 0 || !['tinyint', 'smallint', 'mediumint'].includes(dataType)) return undefined
  return { type: /unsigned/.test(columnType) ? 'int unsigned' : 'int', charset: false }
}
