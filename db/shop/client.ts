import MysqlQueryCompiler from 'knex/lib/dialects/mysql/query/mysql-querycompiler.js'
import { Mark } from '../mark.js'
import { BoundMysqlClient } from '../mysql-client.js'
import type { Column } from '../mysql-connection.js'
import type { ShopForms } from './forms.js'

/**
 * The parts of knex that writing in another's forms leans on. knex offers no hook between a builder and its SQL, and
 * a hook on finished SQL would not know which binding belongs to which column; so the compiler itself is told, at the
 * three places where it has a column and its value in hand: rows of an insert, values of an update, and comparisons.
 */

type Row = Record<string, unknown>
interface Comparison {
  readonly column: unknown
  readonly value: unknown
}

class ShopQueryCompiler extends MysqlQueryCompiler {
  private get forms(): ShopForms | undefined {
    return this.client.config.shopForms as ShopForms | undefined
  }

  override insert(): unknown {
    const { insert, table, merge } = this.single
    if (!this.forms || !isRows(insert)) return super.insert()
    const rows = Array.isArray(insert) ? insert : [insert]
    // `merge()` without columns means those that the caller named, not those that are filled in.
    const named = [...new Set(rows.flatMap((row) => Object.keys(row)))]
    const isOpen = merge && merge.updates === undefined
    this.single = {
      ...this.single,
      insert: rows.map((row) => this.fill(String(table), row)),
      ...(isOpen ? { merge: { ...merge, updates: named } } : {}),
    }
    return super.insert()
  }

  override _prepUpdate(values: Row = {}): unknown {
    const kept = this.forms?.kept.get(String(this.single.table)) ?? []
    const written = { ...this.write(values) }
    // Named with its own value, a column that sets itself at every update keeps it.
    for (const name of kept) if (!Object.hasOwn(written, name)) written[name] = this.client.ref(name)
    return super._prepUpdate(written)
  }

  override whereBasic(statement: Comparison): string {
    return super.whereBasic(this.convert(statement))
  }

  override whereIn(statement: Comparison): string {
    return super.whereIn(this.convert(statement))
  }

  private convert<Statement extends Comparison>(statement: Statement): Statement {
    const { column, value } = statement
    if (typeof column !== 'string') return statement
    const write = this.writer(column.slice(column.lastIndexOf('.') + 1))
    if (!write) return statement
    if (value instanceof Mark) return { ...statement, value: value.written(write) }
    return { ...statement, value: Array.isArray(value) ? value.map(write) : write(value) }
  }

  private fill(table: string, row: Row): Row {
    const filled = { ...this.forms?.fills.get(table), ...this.write(row) }
    const cats = table === 'account_user_message' ? this.forms?.messageCats : undefined
    const cat = filled['message_cat']
    if (!cats || typeof cat !== 'string' || cats.includes(cat)) return filled
    // A kind of message that the shop's list does not have goes into our own column.
    return { ...filled, message_cat: cats[0], message_cat_full: cat }
  }

  private write(row: Row): Row {
    const written: Row = {}
    for (const [name, value] of Object.entries(row)) {
      const write = this.writer(name)
      if (value instanceof Mark && write) written[name] = value.written(write)
      else written[name] = write ? write(value) : value
    }
    return written
  }

  private writer(name: string): ((value: unknown) => unknown) | undefined {
    return this.forms?.conversions.get(name)?.write
  }
}

function isRows(insert: unknown): insert is Row | Row[] {
  if (Array.isArray(insert)) return insert.every((row) => isPlain(row))
  return isPlain(insert)
}

function isPlain(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** knex's mysql2 dialect, for a database whose columns have other forms than ours (`config.shopForms`). */
export class ShopClient extends BoundMysqlClient {
  override queryCompiler(builder: unknown, bindings: unknown): unknown {
    return new ShopQueryCompiler(this, builder, bindings)
  }

  override async _query(
    ...args: Parameters<BoundMysqlClient['_query']>
  ): ReturnType<BoundMysqlClient['_query']> {
    const answered = await super._query(...args)
    castRows(this.config.shopForms as ShopForms | undefined, ...answered.response)
    return answered
  }
}

/** The protocol's number of the type. */
const bit = 16

/**
 * Makes of the values of an adopted shop what ours are, in place: by the columns' own conversions, under the name under
 * which they are selected; a bit is a number everywhere. The driver's own hook is asked for every value of every row.
 */
export function castRows(forms: ShopForms | undefined, rows: unknown, columns: readonly Column[] = []): void {
  if (!forms || !Array.isArray(rows)) return
  for (const { name, columnType } of columns) {
    const read = forms.conversions.get(name)?.read
    if (columnType === bit) for (const row of rows) row[name] = bitOf(row[name])
    if (read) for (const row of rows) row[name] = read(row[name])
  }
}

function bitOf(value: unknown): unknown {
  return Buffer.isBuffer(value) && value.length === 1 ? value[0] : value
}
