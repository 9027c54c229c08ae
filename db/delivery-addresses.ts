import type { Knex } from 'knex'
import { compileRead, compileShapes } from './compiled-read.js'
import { compileInsert, compileWrite } from './compiled-write.js'
import type { ListDefinition } from './list-definition.js'
import { inSlices, mostValues } from './statement-size.js'

const textColumns = [
  'ud_name',
  'ud_intl',
  'ud_mobile',
  'ud_telephone',
  'ud_province',
  'ud_city',
  'ud_county',
  'ud_address',
  'ud_postalcode',
  'ud_tag_name',
] as const

const numberColumns = [
  'ud_province_id',
  'ud_city_id',
  'ud_county_id',
  'ud_longitude',
  'ud_latitude',
  'ud_is_default',
] as const

const columns = [
  'ud_id',
  'user_id',
  ...textColumns,
  ...numberColumns,
  'ud_time',
] as const satisfies readonly (keyof DeliveryAddressRow)[]

/** What is kept of an address besides whose it is; imported rows may have nulls. `ud_is_default` is 0 or 1. */
export type AddressContent = Record<(typeof textColumns)[number], string | null> &
  Record<(typeof numberColumns)[number], number | null> & {
    /** `yyyy-MM-dd HH:mm:ss` in the configured zone; MySQL's driver answers a Date. */
    ud_time: string | Date | null
  }

/** Where a user has things sent (account.md §8). */
export type DeliveryAddressRow = AddressContent & { ud_id: number; user_id: number }

declare module 'knex/types/tables.js' {
  interface Tables {
    account_user_delivery_address: DeliveryAddressRow
  }
}

export async function findAddress(db: Knex, addressId: number): Promise<DeliveryAddressRow | undefined> {
  return db('account_user_delivery_address').where({ ud_id: addressId }).first(columns)
}

/** Reads an address that nobody else changes or deletes until the transaction ends. */
export async function lockAddress(db: Knex, addressId: number): Promise<DeliveryAddressRow | undefined> {
  return db('account_user_delivery_address').where({ ud_id: addressId }).forUpdate().first(columns)
}

const readCount = compileRead<{ n: number | string }, [userId: number]>((db, userId) =>
  db('account_user_delivery_address').where({ user_id: userId }).count({ n: '*' }),
)

export async function countAddresses(db: Knex, userId: number): Promise<number> {
  return Number((await readCount.first(db, userId))?.n ?? 0)
}

const [, ...newColumns] = columns

const insert = compileInsert('account_user_delivery_address', newColumns)

/** Returns the new address's id. */
export async function insertAddress(db: Knex, row: Omit<DeliveryAddressRow, 'ud_id'>): Promise<number> {
  return (await insert(db, row)).id
}

/** Changes the given columns only. */
export async function updateAddress(
  db: Knex,
  addressId: number,
  change: Partial<Omit<DeliveryAddressRow, 'ud_id'>>,
): Promise<void> {
  if (Object.keys(change).length === 0) return
  await db('account_user_delivery_address').where({ ud_id: addressId }).update(change)
}

const clearDefaults = compileWrite<[userId: number, addressId: number]>((db, userId, addressId) =>
  db('account_user_delivery_address')
    .where({ user_id: userId })
    .whereNot({ ud_id: addressId })
    .whereNot({ ud_is_default: 0 })
    .update({ ud_is_default: 0 }),
)

/** Makes none of the user's other addresses the default. */
export async function clearOtherDefaults(db: Knex, userId: number, addressId: number): Promise<void> {
  await clearDefaults(db, userId, addressId)
}

/** Deletes an address of a user; whether there was one. */
export async function deleteOwnAddress(db: Knex, userId: number, addressId: number): Promise<boolean> {
  const deleted = await db('account_user_delivery_address')
    .where({ ud_id: addressId, user_id: userId })
    .delete()
  return deleted > 0
}

/** Deletes addresses and returns how many there were. */
export async function deleteAddresses(db: Knex, addressIds: readonly number[]): Promise<number> {
  const deleted = await inSlices(addressIds, mostValues, async (some) => [
    await db('account_user_delivery_address')
      .whereIn('ud_id', [...some])
      .delete(),
  ])
  return deleted.reduce((sum, count) => sum + count, 0)
}

/** Whom each of some addresses belongs to. */
export async function listAddressOwners(
  db: Knex,
  addressIds: readonly number[],
): Promise<Pick<DeliveryAddressRow, 'ud_id' | 'user_id'>[]> {
  return inSlices(addressIds, mostValues, async (some) =>
    db('account_user_delivery_address')
      .whereIn('ud_id', [...some])
      .orderBy('ud_id')
      .select('ud_id', 'user_id'),
  )
}

const names = Object.fromEntries(columns.map((name) => [name, name])) as Record<
  keyof DeliveryAddressRow,
  string
>

/** Addresses of all users as administrators list them, the newest first. */
export const deliveryAddressList: ListDefinition<DeliveryAddressRow> = {
  from: (db) => db('account_user_delivery_address'),
  columns: names,
  // Imported rows hold a country code in each of its forms; a filter is its digits.
  filters: { ...names, ud_intl: "replace(ud_intl, '+', '')" },
  sortable: columns,
  searchable: textColumns,
  time: 'ud_time',
  timeIsDate: true,
  order: [{ column: 'ud_id', descending: true }],
  key: 'ud_id',
}

const statements = compileShapes()

const { user_id: _, ...ownFilters } = deliveryAddressList.filters

const ownAddressList: ListDefinition<DeliveryAddressRow> = {
  ...deliveryAddressList,
  filters: ownFilters,
  order: [
    { column: 'ud_is_default', descending: true },
    { column: 'ud_time', descending: true },
  ],
}

/** A user's own addresses, the default first, then the newest. */
export function addressesOf(userId: number): ListDefinition<DeliveryAddressRow> {
  // What is added stands before the spread, which V8 copies at once only at the end.
  return { owner: { column: 'user_id', userId, statements }, ...ownAddressList }
}

/** One of a user's addresses in one line, the default first; empty for none. */
export async function findShownAddress(db: Knex, userId: number): Promise<string> {
  const row = await db('account_user_delivery_address')
    .where({ user_id: userId })
    .orderBy([
      { column: 'ud_is_default', order: 'desc' },
      { column: 'ud_id', order: 'desc' },
    ])
    .first('ud_province', 'ud_city', 'ud_county', 'ud_address')
  return row ? [row.ud_province, row.ud_city, row.ud_county, row.ud_address].join('') : ''
}
