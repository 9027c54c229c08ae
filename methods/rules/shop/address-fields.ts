import type { AddressContent, DeliveryAddressRow } from '../../../db/delivery-addresses.js'
import { describeMoment } from '../../../gateway/wire/dates.js'
import type { Contracts } from '../../../schemas/contracts.js'

/** What a caller writes of an address; what is absent stays, or is empty in a new one. */
export type AddressFields = Omit<Contracts['front.account.userDeliveryAddress.add']['params'], 'user_id'>

/** An address as the clients read it (account.md §4). */
export type DeliveryAddress = Contracts['front.account.userDeliveryAddress.get']['result']

/** What a new address has where nothing is given. */
export const emptyAddress: Omit<AddressContent, 'ud_time'> = {
  ud_name: '',
  ud_intl: '+86',
  ud_mobile: '',
  ud_telephone: '',
  ud_province_id: 0,
  ud_city_id: 0,
  ud_county_id: 0,
  ud_province: '',
  ud_city: '',
  ud_county: '',
  ud_address: '',
  ud_postalcode: '',
  ud_tag_name: '',
  ud_longitude: 0,
  ud_latitude: 0,
  ud_is_default: 0,
}

/** All but those that are written otherwise than they are given. */
const copiedColumns = (['ud_time', ...Object.keys(emptyAddress)] as (keyof AddressContent)[]).filter(
  (name) => name !== 'ud_intl' && name !== 'ud_is_default',
)

/** The columns that the given fields change; what else a call holds is none of them. */
export function toColumns(call: AddressFields): Partial<AddressContent> {
  const { ud_intl: intl = '', ud_is_default: isDefault } = call
  const code = readCallingCode(intl)
  const columns: Record<string, unknown> = {}
  for (const name of copiedColumns) if (call[name] !== undefined) columns[name] = call[name]
  if (code !== undefined) columns['ud_intl'] = `+${code}`
  if (isDefault !== undefined) columns['ud_is_default'] = Number(isDefault)
  return columns
}

const areaTexts = ['ud_province', 'ud_city', 'ud_county'] as const
const areaIds = ['ud_province_id', 'ud_city_id', 'ud_county_id'] as const

/**
 * What a form changes: the PC site sends the whole area empty when its picker was not touched, and means the area as it
 * is (account-beside.md §7).
 */
export function withoutUntouchedArea(fields: AddressFields): AddressFields {
  const isUntouched = areaTexts.every((name) => fields[name] === '') && areaIds.every((name) => !fields[name])
  if (!isUntouched) return fields
  const area: readonly string[] = [...areaTexts, ...areaIds]
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !area.includes(name)))
}

/**
 * The digits of a country calling code: `86`, `+86` and `86+` are one, and a `+` may have arrived as a space. Undefined
 * for what is none, which counts as not given: a country code is never refused (account.md §4).
 */
export function readCallingCode(text: string): string | undefined {
  const code = text.replace(/[+ ]/g, '')
  return /^[1-9]\d{0,4}$/.test(code) ? code : undefined
}

/** A stored address as the clients read it. */
export function describeAddress(row: DeliveryAddressRow): DeliveryAddress {
  const code = readCallingCode(row.ud_intl ?? '')
  return {
    // Before the spread: to add a field behind it takes V8 as long as all the others.
    district_info: [row.ud_province, row.ud_city, row.ud_county].join(''),
    ...row,
    ud_intl: code === undefined ? row.ud_intl : `+${code}`,
    ud_time: describeMoment(row.ud_time),
    ud_is_default: Boolean(row.ud_is_default),
  }
}
