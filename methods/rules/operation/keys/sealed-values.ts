import { listSeals, type SealedColumn, sealedColumns, type StoredSeal } from '../../../../db/sealed-values.js'
import { columnName, placesOf } from '../../../../gateway/services/keys/sealed-values.js'
import type { Services } from '../../../../gateway/services/services.js'

export type VaultServices = Pick<Services, 'db' | 'vault'>

/** How many sealed values of a column each key opens. */
export interface SealCount {
  /** `table.column`. */
  readonly column: string
  /** By the place of the key in its list. */
  readonly byPlace: ReadonlyMap<number, number>
  /** Those that no key opens. */
  readonly unreadable: number
  /** Whether they go by themselves within a day, or are asked for anew where they are lost. */
  readonly isPassing: boolean
}

/** How far a walk over a column is. */
export interface SealProgress {
  readonly column: string
  /** Rows read so far. */
  readonly read: number
  /** Rows sealed anew so far. */
  readonly resealed: number
}

/** How a column is walked over. */
export interface Walk {
  /** Rows that are read, and at most written in one transaction, at once. */
  readonly rows: number
  readonly show?: (progress: SealProgress) => void
}

/** Reads every sealed value there is, and counts by which key it is opened. */
export async function countSeals(services: VaultServices, { rows, show }: Walk): Promise<SealCount[]> {
  const counts: SealCount[] = []
  for (const column of sealedColumns) {
    const byPlace = new Map<number, number>()
    let read = 0
    for await (const span of spansOf(services, column, rows)) {
      for (const { text } of span)
        for (const place of placesOf(services.vault, column, text))
          byPlace.set(place, (byPlace.get(place) ?? 0) + 1)
      read += span.length
      show?.({ column: columnName(column), read, resealed: 0 })
    }
    const unreadable = byPlace.get(-1) ?? 0
    byPlace.delete(-1)
    counts.push({ column: columnName(column), byPlace, unreadable, isPassing: isPassing(column) })
  }
  return counts
}

/** Whether the values of a column go by themselves. */
export function isPassing(column: SealedColumn): boolean {
  return 'form' in column && column.form === 'passing'
}

/** The sealed values of a column, so many rows at once. */
export async function* spansOf({ db }: VaultServices, column: SealedColumn, rows: number) {
  for (let after: StoredSeal['key'] | undefined; ; ) {
    const span = await listSeals(db, column, { after, limit: rows })
    if (span.length === 0) return
    yield span
    after = span.at(-1)?.key
  }
}
