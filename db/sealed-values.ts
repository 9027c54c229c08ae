import type { Knex } from 'knex'

/**
 * Every column whose values are sealed under DATA_KEY, with the purpose they are sealed for. `form` is `list` for a
 * JSON list of sealed texts. What is `passing` goes by itself within a day, or is asked for anew where it is lost.
 */
export const sealedColumns = [
  { table: 'client_app', column: 'secrets', key: ['name'], purpose: 'app-secret', form: 'list' },
  { table: 'server_key', column: 'sealed_key', key: ['name'], purpose: 'server-key' },
  { table: 'wechat_token', column: 'sealed_value', key: ['app_id', 'kind'], purpose: 'wechat-token' },
  { table: 'user_certificate', column: 'sealed_idcard', key: ['user_id'], purpose: 'idcard' },
  { table: 'console_totp', column: 'secret', key: ['user_id'], purpose: 'console-totp' },
  {
    table: 'console_recovery_code',
    column: 'sealed_digest',
    key: ['code_digest'],
    purpose: 'console-recovery',
  },
  {
    table: 'console_totp',
    column: 'pending',
    key: ['user_id'],
    purpose: 'console-totp',
    form: 'passing',
  },
  {
    table: 'idempotent_call',
    column: 'answer',
    key: ['call_id'],
    purpose: 'idempotent-answer',
    form: 'passing',
  },
] as const satisfies readonly {
  table: string
  column: string
  key: readonly string[]
  purpose: string
  form?: 'list' | 'passing'
}[]

export type SealedColumn = (typeof sealedColumns)[number]

/** One row's value, as it is stored, and what the row is found by. */
export interface StoredSeal {
  readonly key: readonly (string | number)[]
  readonly text: string
}

interface Span {
  /** The key of the last row of the span before; absent for the first span. */
  readonly after?: StoredSeal['key'] | undefined
  readonly limit: number
  /** From the end on, which `after` means nothing to. */
  readonly isLast?: boolean
}

/** The next values of a column that are not empty, in the order of their keys. */
export async function listSeals(db: Knex, column: SealedColumn, span: Span): Promise<StoredSeal[]> {
  const names: readonly string[] = column.key
  const order = span.isLast ? 'desc' : 'asc'
  const query = db<Record<string, string | number>>(column.table)
    .select([...names, column.column])
    .whereNotNull(column.column)
    .whereNot(column.column, '')
    .orderBy(names.map((name) => ({ column: name, order })))
    .limit(span.limit)
  const { after } = span
  if (after !== undefined)
    void query.where((later) => {
      // (a, b) > (x, y), written so that every database reads an index for it.
      for (const [at, name] of names.entries())
        void later.orWhere((one) => {
          for (const [before, same] of names.slice(0, at).entries()) void one.where(same, after[before] ?? '')
          void one.where(name, '>', after[at] ?? '')
        })
    })
  const rows: Record<string, string | number>[] = await query
  return rows.map((row) => ({
    key: names.map((name) => row[name] ?? ''),
    text: String(row[column.column]),
  }))
}

/** Puts a value in place of exactly this one; false when the row has changed meanwhile. */
export async function replaceSeal(
  db: Knex,
  column: SealedColumn,
  { key, text }: StoredSeal,
  next: string,
): Promise<boolean> {
  const where = Object.fromEntries([...column.key.map((name, at) => [name, key[at]]), [column.column, text]])
  return (
    (await db(column.table)
      .where(where)
      .update({ [column.column]: next })) > 0
  )
}
