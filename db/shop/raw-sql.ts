import type { Knex } from 'knex'
import type { ShopForms } from './forms.js'

/** For SQL that is written by hand, which the query compiler does not see into. On a database of our own all of it is as it was. */

function formsOf(db: Knex): ShopForms | undefined {
  const config: { readonly shopForms?: ShopForms } = db.client.config
  return config.shopForms
}

/** A value in the form in which a column, `name` or `table.name`, keeps it. */
export function writtenFor<Value>(db: Knex, column: string, value: Value): Value {
  const write = formsOf(db)?.conversions.get(column.slice(column.lastIndexOf('.') + 1))?.write
  return write ? (write(value) as Value) : value
}

/** A constant in the form in which its column keeps it. */
export function literal(db: Knex, column: string, value: number): string {
  const written: unknown = writtenFor(db, column, value)
  return typeof written === 'string' ? `'${written}'` : String(Number(written))
}

/** SQL that computes with times, with those that the shop keeps otherwise turned into milliseconds. */
export function inMilliseconds(db: Knex, sql: string): string {
  const forms = formsOf(db)
  if (!forms) return sql
  return sql.replaceAll(/(?:\b\w+\.)?\b(\w+)\b/g, (column, name: string) => {
    const convert = forms.conversions.get(name)?.milliseconds
    return convert ? `(${convert(column)})` : column
  })
}
