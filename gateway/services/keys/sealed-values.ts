import type { Knex } from 'knex'
import { listKeyUses } from '../../../db/key-holders.js'
import { listSeals, type SealedColumn, sealedColumns } from '../../../db/sealed-values.js'
import type { Log } from '../telemetry/log.js'
import type { Vault } from '../vault.js'
import { keyFingerprint } from './fingerprint.js'

/** What this node found at its start of values that none of its keys opens. */
export interface SealedValues {
  /** Columns that hold such values, as `table.column`; of a large table the first and last rows were tried. */
  readonly unreadable: readonly string[]
}

/** Rows that are tried at either end of a table: those before a rotation and those after it. */
const triedRows = 100

/** Where the sealed texts of a stored value stand in the list of keys; -1 for one that none opens. */
export function placesOf(vault: Vault, column: SealedColumn, text: string): number[] {
  return sealsOf(column, text).map((sealed) => vault.placeOf(column.purpose, sealed))
}

/** The sealed texts of a stored value. */
export function sealsOf(column: SealedColumn, text: string): string[] {
  if (!('form' in column) || column.form !== 'list') return [text]
  const list: string[] = JSON.parse(text)
  return list
}

export function columnName({ table, column }: SealedColumn): string {
  return `${table}.${column}`
}

/** Tries sealed values of every table and logs which hold some that can't be opened, and what key they may want. */
export async function createSealedValues({
  db,
  vault,
  log,
  dataKeys,
}: {
  readonly db: Knex
  readonly vault: Vault
  readonly log: Log
  readonly dataKeys: readonly string[]
}): Promise<SealedValues> {
  const unreadable = await findUnreadable(db, vault)
  if (unreadable.length > 0) {
    const missing = await listMissingKeys(db, dataKeys)
    log.error(
      { names: unreadable, detail: describeMissing(missing) },
      'values are sealed under a DATA_KEY that is not given',
    )
  }
  return { unreadable }
}

/** Columns with values that none of the keys opens, as `table.column`. */
export async function findUnreadable(db: Knex, vault: Vault): Promise<string[]> {
  const unreadable: string[] = []
  for (const column of sealedColumns)
    if (await holdsUnreadable(db, vault, column)) unreadable.push(columnName(column))
  return unreadable
}

/** Fingerprints of keys that were written with and are not among these, the latest first. */
export async function listMissingKeys(db: Knex, dataKeys: readonly string[]): Promise<string[]> {
  const own = new Set(dataKeys.map(keyFingerprint))
  const uses = await listKeyUses(db)
  return uses
    .filter(({ variable, fingerprint }) => variable === 'DATA_KEY' && !own.has(fingerprint))
    .map(({ fingerprint }) => fingerprint)
}

/** Says which key is missing, as far as that is known. */
export function describeMissing(keys: readonly string[]): string {
  return keys.length === 0 ? 'DATA_KEY of before keys were noted' : `DATA_KEY ${keys.join(' or ')}`
}

async function holdsUnreadable(db: Knex, vault: Vault, column: SealedColumn): Promise<boolean> {
  const isUnreadable = ({ text }: { readonly text: string }) => placesOf(vault, column, text).includes(-1)
  const first = await listSeals(db, column, { limit: triedRows })
  if (first.some(isUnreadable)) return true
  if (first.length < triedRows) return false
  return (await listSeals(db, column, { limit: triedRows, isLast: true })).some(isUnreadable)
}
