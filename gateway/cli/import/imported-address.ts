import type { AddressContent } from '../../../db/delivery-addresses.js'
import { emptyAddress } from '../../../methods/rules/shop/address-fields.js'
import type { Fields } from './columns.js'

/** What a file has of a delivery address. */
export type ImportedAddress = Omit<AddressContent, 'ud_time'>

/** Each column of an address, what it is called in a file, and how long it may be. */
const parts = [
  ['address_name', 'ud_name', 20],
  ['address_mobile', 'ud_mobile', 20],
  ['address_province', 'ud_province', 50],
  ['address_city', 'ud_city', 50],
  ['address_county', 'ud_county', 50],
  ['address_detail', 'ud_address', 255],
  ['address_postcode', 'ud_postalcode', 30],
] as const

/** The addresses of a user, the first as the default; one with a part that is too long is left out. */
export function readAddresses(
  rows: readonly Fields[],
  leave: (reason: string) => void,
): readonly ImportedAddress[] {
  const addresses: ImportedAddress[] = []
  for (const row of rows) {
    const given = parts.filter(([name]) => (row[name] ?? '').trim() !== '')
    const tooLong = given.find(([name, , most]) => Array.from((row[name] ?? '').trim()).length > most)
    if (tooLong) leave(`${tooLong[0]}: must be of at most ${tooLong[2]} characters`)
    if (given.length === 0 || tooLong) continue
    const texts = Object.fromEntries(given.map(([name, column]) => [column, (row[name] ?? '').trim()]))
    addresses.push({ ...emptyAddress, ...texts, ud_is_default: addresses.length === 0 ? 1 : 0 })
  }
  return addresses
}
