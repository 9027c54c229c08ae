import type { Knex } from 'knex'
import { type Conversion, conversionOf, noDate, noTime } from './conversions.js'
import { type FoundColumn, type FoundTable, findTables } from './found.js'
import { enumValues, formOf, isAdoptable } from './physical.js'
import { ShopRefusedError } from './refused.js'
import { type WantedColumn, wantedTables } from './wanted.js'
import { sessionZone } from './zones.js'

type Values = Readonly<Record<string, unknown>>

/**
 * How the columns of an adopted shop differ from ours. Columns are known by their names alone: those that need it have
 * the same name in no two tables.
 */
export interface ShopForms {
  /** What connections set their time zone to; undefined only where no TIMESTAMP depends on it. */
  readonly zone: string | undefined
  readonly conversions: ReadonlyMap<string, Conversion>
  /** By table: what an insert that does not name a column writes there. */
  readonly fills: ReadonlyMap<string, Values>
  /** By table: columns of ours that every update would set anew. */
  readonly kept: ReadonlyMap<string, readonly string[]>
  /** By table: the values that the enum `message_cat` takes. */
  readonly messageCats: readonly string[] | undefined
}

/** Tables whose rows hold no null for us: every handler reads them. The others' nulls are nulls on the wire too. */
const withoutNulls = new Set([
  'account_user_base',
  'account_user_info',
  'account_user_login',
  'pay_user_resource',
])

/**
 * What we write into columns that are the shop's alone. Permissions that we add are no entries of its menu: its admin
 * site would draw them.
 */
const shopValues: Readonly<Record<string, Values>> = { admin_menu_base: { menu_hidden: 1 } }

/** How the columns of the database differ from ours; undefined where they are ours. */
export async function findForms(db: Knex, timeZone: string): Promise<ShopForms | undefined> {
  const tables = await findTables(db)
  const forms = await describe(db, tables, timeZone)
  const isOurs = [forms.conversions, forms.fills, forms.kept].every(({ size }) => size === 0)
  return isOurs ? undefined : forms
}

async function describe(
  db: Knex,
  tables: ReadonlyMap<string, FoundTable>,
  timeZone: string,
): Promise<ShopForms> {
  const conversions = new Map<string, Conversion>()
  const fills = new Map<string, Values>()
  const kept = new Map<string, string[]>()
  for (const [table, { columns }] of tables) {
    const inSeconds = await findSeconds(db, table, columns)
    const fill: Record<string, unknown> = {}
    for (const column of columns.values()) {
      const wanted = wantedTables[table]?.[column.name]
      const conversion = wanted && convert(wanted, column, inSeconds.has(column.name), timeZone)
      if (conversion && Object.keys(conversion).length > 0) conversions.set(column.name, conversion)
      const value = fillOf(wanted, column, conversion)
      if (value !== undefined) fill[column.name] = value
      if (wanted && column.extra.includes('on update'))
        kept.set(table, [...(kept.get(table) ?? []), column.name])
    }
    if (Object.keys(fill).length > 0) fills.set(table, fill)
  }
  const cat = tables.get('account_user_message')?.columns.get('message_cat')
  const hasTimestamps = [...tables.values()].some(({ columns }) =>
    [...columns.values()].some(({ dataType }) => dataType === 'timestamp'),
  )
  return {
    zone: await (hasTimestamps ? requireZone : sessionZone)(db, timeZone),
    conversions,
    fills,
    kept,
    messageCats: cat?.dataType === 'enum' ? enumValues(cat) : undefined,
  }
}

async function requireZone(db: Knex, timeZone: string): Promise<string> {
  const zone = await sessionZone(db, timeZone)
  if (zone !== undefined) return zone
  throw new ShopRefusedError(
    `the shop's database cannot be adopted:\n  it does not know TIME_ZONE ${timeZone}: load its time zone tables`,
  )
}

function convert(
  wanted: WantedColumn,
  column: FoundColumn,
  inSeconds: boolean,
  timeZone: string,
): Conversion {
  if (wanted.isKey || !isAdoptable(wanted.kind, column)) return {}
  const form = formOf(wanted.kind, column, inSeconds)
  // Dates, and moments in a form of the zone, are read alike on a database of our own.
  const takesOurs = column.isNullable || wanted.isNamed === true
  const isOurs = takesOurs && (form === 'day' || (wanted.kind === 'moment' && form === 'wall'))
  const conversion = isOurs ? {} : conversionOf(wanted.kind, form, timeZone)
  const { read, write } = conversion
  const none = takesOurs ? undefined : neutralOf(wanted, column)
  const mayLackValue = withoutNulls.has(column.table) && column.isNullable && wanted.initial !== null
  return {
    ...conversion,
    ...(none === undefined || wanted.initial !== null
      ? {}
      : { write: (value) => (value === null ? none : (write ?? same)(value)) }),
    ...(mayLackValue ? { read: (value) => (value === null ? wanted.initial : (read ?? same)(value)) } : {}),
  }
}

const same = (value: unknown): unknown => value

/**
 * What an insert must write into a column that it does not name: ours wherever the shop's default is another or there
 * is none, and in columns that are the shop's alone what its type has for nothing.
 */
function fillOf(
  wanted: WantedColumn | undefined,
  column: FoundColumn,
  conversion: Conversion | undefined,
): unknown {
  const { initial, isNullable, extra } = column
  if (wanted?.isKey || wanted?.isNamed || extra.includes('auto_increment') || extra.includes('generated'))
    return undefined
  if (!wanted) {
    const value = shopValues[column.table]?.[column.name]
    return value ?? (initial === null && !isNullable ? neutralOf(undefined, column) : undefined)
  }
  if (wanted.kind === 'date') return isNullable ? undefined : noDate
  if (wanted.initial === null || (wanted.kind === 'time' && initial !== null && !/^\d+$/.test(initial)))
    return initial === null && !isNullable ? neutralOf(wanted, column) : undefined
  const isSame = initial !== null && sameValue(initial, wanted.initial)
  // Ours, too, keep these as text without a default, which MySQL would not take.
  if (isSame || (initial === null && isNullable)) return undefined
  return (conversion?.write ?? same)(wanted.initial)
}

function sameValue(shown: string, initial: string | number): boolean {
  return typeof initial === 'number' ? Number(shown) === initial : shown === initial
}

/** What a type has for nothing. */
function neutralOf(wanted: WantedColumn | undefined, { dataType, columnType }: FoundColumn): unknown {
  if (dataType === 'date') return noDate
  if (dataType === 'timestamp' || dataType === 'datetime') return noTime
  if (dataType === 'enum') return /'((?:[^']|'')*)'/.exec(columnType)?.[1] ?? ''
  if (/char|text|blob|binary/.test(dataType)) return wanted?.initial ?? ''
  return wanted?.initial ?? 0
}

/** Numbers of this size are seconds since 1973 and later; milliseconds would lie in the first days of 1970. */
const seconds = { from: 1e8, below: 1e11 } as const

/** The columns of times that hold seconds: what is too small for more, and what does in its newest rows. */
async function findSeconds(
  db: Knex,
  table: string,
  columns: ReadonlyMap<string, FoundColumn>,
): Promise<Set<string>> {
  const times = [...columns.values()].filter(({ name, dataType }) => {
    const kind = wantedTables[table]?.[name]?.kind
    return (kind === 'time' || kind === 'moment') && ['int', 'bigint'].includes(dataType)
  })
  const found = new Set(times.filter(({ dataType }) => dataType === 'int').map(({ name }) => name))
  const open = times.map(({ name }) => name).filter((name) => !found.has(name))
  const key = Object.entries(wantedTables[table] ?? {}).find(([, { isKey }]) => isKey)?.[0]
  if (open.length === 0 || key === undefined || !columns.has(key)) return found
  const rows: Record<string, number | null>[] = await db
    .from(table)
    .orderBy(key, 'desc')
    .limit(50)
    .select(open)
  for (const name of open) {
    const values = rows.map((row) => row[name] ?? 0).filter((value) => value !== 0)
    const isSeconds = (value: number) => value >= seconds.from && value < seconds.below
    if (values.length > 0 && values.every(isSeconds)) found.add(name)
  }
  return found
}
