import type { Knex } from 'knex'
import { isMysql } from '../../db/connect.js'
import { background } from './statements.js'

/** How the database would run one statement. */
export interface QueryPlan {
  readonly sql: string
  /** The indexes it reads, `PRIMARY` for the key. */
  readonly indexes: readonly string[]
  /** What grows with the table: tables read as a whole, many rows sorted. */
  readonly problems: readonly string[]
}

/** Fewer rows may be read or sorted without an index, as the database estimates them. */
const fewRows = 1000

/** The plans of what a piece of work selects, in order. */
export async function plansDuring(db: Knex, work: () => Promise<unknown>): Promise<QueryPlan[]> {
  const statements: { readonly sql: string; readonly bindings: readonly Knex.RawBinding[] }[] = []
  const listen = (statement: { sql: string; bindings?: readonly Knex.RawBinding[] }) => {
    if (/^select /i.test(statement.sql) && !background.test(statement.sql))
      statements.push({ bindings: [], ...statement })
  }
  db.on('query', listen)
  try {
    await work()
  } finally {
    db.removeListener('query', listen)
  }
  const plans: QueryPlan[] = []
  for (const { sql, bindings } of statements) {
    const rows = await explain(db, sql, bindings)
    plans.push({ sql, ...(isMysql(db) ? readMysqlPlan(rows) : readSqlitePlan(rows)) })
  }
  return plans
}

type PlanRow = Readonly<Record<string, unknown>>

async function explain(db: Knex, sql: string, bindings: readonly Knex.RawBinding[]): Promise<PlanRow[]> {
  const answer: unknown = await db.raw(`explain ${isMysql(db) ? '' : 'query plan '}${sql}`, [...bindings])
  // mysql2 answers [rows, fields], libsql the rows.
  return (Array.isArray(answer) && Array.isArray(answer[0]) ? answer[0] : answer) as PlanRow[]
}

type ReadPlan = Pick<QueryPlan, 'indexes' | 'problems'>

function readMysqlPlan(rows: readonly PlanRow[]): ReadPlan {
  const problems = rows.flatMap(({ table, type, rows, Extra }) => {
    if (Number(rows ?? 0) < fewRows) return []
    const isWhole = type === 'ALL' || type === 'index'
    const isSorted = /filesort|temporary/.test(String(Extra))
    return [
      ...(isWhole ? [`reads all ${Number(rows)} rows of ${String(table)}`] : []),
      ...(isSorted ? [`sorts ${Number(rows)} rows of ${String(table)}`] : []),
    ]
  })
  return { indexes: rows.flatMap(({ key }) => (typeof key === 'string' ? [key] : [])), problems }
}

/** SQLite tells no numbers: whatever is read as a whole or sorted is a problem, but for equal beginnings of a sort. */
function readSqlitePlan(rows: readonly PlanRow[]): ReadPlan {
  const details = rows.map(({ detail }) => String(detail))
  return {
    indexes: details.flatMap((detail) => {
      const index = / USING (?:COVERING )?INDEX (\S+)/.exec(detail)?.[1]
      if (index !== undefined) return [index]
      return detail.includes('USING INTEGER PRIMARY KEY') ? ['PRIMARY'] : []
    }),
    problems: details.filter((detail) => /^SCAN |FOR (ORDER|GROUP) BY/.test(detail)),
  }
}
