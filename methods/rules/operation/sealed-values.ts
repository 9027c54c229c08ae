import {
  listSeals,
  replaceSeal,
  type SealedColumn,
  sealedColumns,
  type StoredSeal,
} from '../../../db/sealed-values.js'
import { transaction } from '../../../db/transaction.js'
import { columnName, placesOf, sealsOf } from '../../../gateway/services/keys/sealed-values.js'
import type { Services } from '../../../gateway/services/services.js'

type VaultServices = Pick<Services, 'db' | 'vault'>

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

interface Walk {
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

/**
 * Seals everything under the key that is written with, a span of rows in a transaction, while nodes run: a value that
 * one of them changes meanwhile stays as that node left it. What no key opens stays as it is. Returns how many rows
 * were sealed anew.
 */
export async function reseal(services: VaultServices, { rows, show }: Walk): Promise<number> {
  let all = 0
  for (const column of sealedColumns.filter((column) => !isPassing(column))) {
    let read = 0
    let resealed = 0
    for await (const span of spansOf(services, column, rows)) {
      resealed += await resealSpan(services, column, span)
      read += span.length
      show?.({ column: columnName(column), read, resealed })
    }
    all += resealed
  }
  return all
}

function isPassing(column: SealedColumn): boolean {
  return 'form' in column && column.form === 'passing'
}

async function* spansOf({ db }: VaultServices, column: SealedColumn, rows: number) {
  for (let after: StoredSeal['key'] | undefined; ; ) {
    const span = await listSeals(db, column, { after, limit: rows })
    if (span.length === 0) return
    yield span
    after = span.at(-1)?.key
  }
}

async function resealSpan(
  services: VaultServices,
  column: SealedColumn,
  span: readonly StoredSeal[],
): Promise<number> {
  const { vault } = services
  // What is to do is known before the transaction: it holds its rows no longer than their writing takes.
  const changes = span.flatMap((seal) => {
    const next = resealText(vault, column, seal.text)
    return next === seal.text ? [] : [{ seal, next }]
  })
  if (changes.length === 0) return 0
  return transaction(services, async ({ db }) => {
    let changed = 0
    for (const { seal, next } of changes) if (await replaceSeal(db, column, seal, next)) changed++
    return changed
  })
}

/** A stored value with each sealed text under the key that is written with; one that none opens stays. */
function resealText(vault: Services['vault'], column: SealedColumn, stored: string): string {
  const seals = sealsOf(column, stored)
  const places = placesOf(vault, column, stored)
  if (places.every((place) => place === vault.writing())) return stored
  const next = seals.map((sealed, at) => {
    const text = places[at] === vault.writing() ? undefined : vault.open(column.purpose, sealed)
    return text === undefined ? sealed : vault.seal(column.purpose, text)
  })
  return 'form' in column && column.form === 'list' ? JSON.stringify(next) : (next[0] ?? stored)
}
