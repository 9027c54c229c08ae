/** Rows that one statement inserts, and keys of several columns that it looks for: SQLite knows at most 500. */
export const mostRows = 400

/** Values in one list: SQLite binds at most 32,766 of them, MySQL's protocol 65,535. */
export const mostValues = 5000

/** Any number of items, so many at once. */
export function* slicesOf<Item>(items: readonly Item[], most: number): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += most) yield items.slice(at, at + most)
}

/** Does work that takes a statement for so many items at most, one slice after the other; returns all it found. */
export async function inSlices<Item, Found>(
  items: readonly Item[],
  most: number,
  work: (slice: readonly Item[]) => Promise<readonly Found[]>,
): Promise<Found[]> {
  const found: Found[] = []
  for (const slice of slicesOf(items, most)) for (const one of await work(slice)) found.push(one)
  return found
}

/** Inserts any number of rows, a slice a statement. */
export async function insertSlices<Row>(
  rows: readonly Row[],
  insert: (slice: Row[]) => PromiseLike<unknown>,
): Promise<void> {
  for (const slice of slicesOf(rows, mostRows)) await insert([...slice])
}
