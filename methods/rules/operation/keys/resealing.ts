import {
  replaceSeal,
  type SealedColumn,
  sealedColumns,
  type StoredSeal,
} from '../../../../db/sealed-values.js'
import { transaction } from '../../../../db/transaction.js'
import { columnName, placesOf, sealsOf } from '../../../../gateway/services/keys/sealed-values.js'
import type { Services } from '../../../../gateway/services/services.js'
import { isPassing, spansOf, type VaultServices, type Walk } from './sealed-values.js'

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
