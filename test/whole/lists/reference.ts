/** What a filter, an order or a search looks at. */
export type Value = string | number

/** A row that was put into the database, by the names of its columns on the wire. */
export interface ListedRow {
  /** The column that tells the answer's items apart. */
  readonly key: number | string
  /** What createTimeStart and createTimeEnd bound: milliseconds. */
  readonly time: number
  readonly columns: Readonly<Record<string, Value>>
}

export interface Order {
  readonly column: string
  readonly descending: boolean
}

/** What is asked of a list, as whoever asks means it. */
export interface Question {
  readonly equals?: readonly (readonly [column: string, value: Value])[]
  readonly contains?: readonly (readonly [column: string, part: string])[]
  readonly since?: number
  readonly until?: number
}

/** The rows that are meant: nothing but comparisons, so that what it says needs no test of its own. */
export function select(rows: readonly ListedRow[], question: Question): ListedRow[] {
  const { equals = [], contains = [], since = -Infinity, until = Infinity } = question
  return rows.filter(
    ({ columns, time }) =>
      equals.every(([column, value]) => columns[column] === value) &&
      contains.every(([column, part]) => holds(columns[column] ?? '', part)) &&
      time >= since &&
      time <= until,
  )
}

/** A part is found in any case of its letters. */
function holds(value: Value, part: string): boolean {
  return String(value).toLowerCase().includes(part.toLowerCase())
}

/** The first two rows that stand in the wrong order; rows that are equal in every column of it may stand as they like. */
export function findDisorder(rows: readonly ListedRow[], order: readonly Order[]): string | undefined {
  const at = rows.findIndex((row, at) => {
    const next = rows[at + 1]
    return next !== undefined && compare(row, next, order) > 0
  })
  if (at < 0) return undefined
  const shown = rows
    .slice(at, at + 2)
    .map(({ key, columns }) => [key, ...order.map(({ column }) => columns[column])])
  return JSON.stringify(shown)
}

function compare(left: ListedRow, right: ListedRow, order: readonly Order[]): number {
  for (const { column, descending } of order) {
    const [one, other] = [left.columns[column] ?? '', right.columns[column] ?? '']
    if (one === other) continue
    const [a, b] = [withoutEmoji(one), withoutEmoji(other)]
    // What stands behind them is open as well.
    if (a === b) return 0
    return a < b === descending ? 1 : -1
  }
  return 0
}

/** Databases agree on the order of lower-case letters, digits and Han, not on that of emoji. */
function withoutEmoji<Some extends string | number>(value: Some): Some | string {
  return typeof value === 'string' ? value.replace(/[\u{10000}-\u{10ffff}].*$/su, '\ufffd') : value
}
