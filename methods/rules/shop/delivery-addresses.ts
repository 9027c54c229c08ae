import {
  clearOtherDefaults,
  countAddresses,
  type DeliveryAddressRow,
  findAddress,
  insertAddress,
  lockAddress,
  updateAddress,
} from '../../../db/delivery-addresses.js'
import type { InTransaction } from '../../../db/transaction.js'
import { openUserBooks } from '../../../db/user-books.js'
import { userExists } from '../../../db/users.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { formatTime } from '../../../gateway/wire/time.js'
import type { Services } from '../../../gateway/services/services.js'
import {
  type AddressFields,
  type DeliveryAddress,
  describeAddress,
  emptyAddress,
  toColumns,
} from './address-fields.js'

/** How many addresses a user may keep. */
const mostAddresses = 100

/**
 * Adds an address to a user's, within the caller's transaction; a new default takes the old one's place. Throws
 * ADDRESS_LIMIT.
 */
export async function addAddress(
  services: InTransaction<Pick<Services, 'clock' | 'config'>>,
  userId: number,
  fields: AddressFields,
): Promise<DeliveryAddress> {
  const { db, clock, config } = services
  const now = formatTime(clock.now(), config.timeZone)
  // Not by one spread after another, which takes V8 as long as a statement takes this process.
  const row = Object.assign({ ud_id: 0, user_id: userId, ud_time: now, ...emptyAddress }, toColumns(fields))
  await openUserBooks(db, [userId])
  await requireRoom(services, userId)
  row.ud_id = await insertAddress(db, row)
  if (row.ud_is_default) await clearOtherDefaults(db, userId, row.ud_id)
  return describeAddress(row)
}

/** Which address is changed, whose it must be (absent: anybody's), and whose it is to be (absent: as it is). */
export interface AddressChange {
  readonly addressId: number
  readonly ownerId?: number
  readonly newOwnerId?: number | undefined
  readonly fields: AddressFields
}

/** An address after a change, and the columns that are not what they were. */
export interface ChangedAddress {
  readonly address: DeliveryAddress
  readonly changed: readonly string[]
}

/**
 * Changes the given fields of an address, within the caller's transaction. Throws OPERATION_FAILED where there is no
 * such address or nobody to give it to, ADDRESS_LIMIT.
 */
export async function changeAddress(
  services: InTransaction<Pick<Services, 'db'>>,
  change: AddressChange,
): Promise<ChangedAddress> {
  const { db } = services
  const { addressId, fields, newOwnerId } = change
  const row = await takeAddress(services, change)
  const userId = newOwnerId ?? row.user_id
  if (userId !== row.user_id) {
    if (!(await userExists(db, userId))) throw new GatewayError('OPERATION_FAILED')
    await requireRoom(services, userId)
  }
  const given = { ...toColumns(fields), user_id: userId }
  const [before, after] = [describeAddress(row), describeAddress({ ...row, ...given })]
  const columns = Object.entries(given).filter(([column]) => isChanged(column, before, after))
  await updateAddress(db, addressId, Object.fromEntries(columns))
  if (after.ud_is_default) await clearOtherDefaults(db, userId, addressId)
  return { address: after, changed: columns.map(([column]) => column) }
}

function isChanged(column: string, before: DeliveryAddress, after: DeliveryAddress): boolean {
  return before[column as keyof DeliveryAddress] !== after[column as keyof DeliveryAddress]
}

/** Reads an address behind the books of who has it and who gets it. Who has it is read anew when they are open. */
async function takeAddress(
  { db }: InTransaction<Pick<Services, 'db'>>,
  { addressId, ownerId, newOwnerId }: AddressChange,
): Promise<DeliveryAddressRow> {
  const found = await findAddress(db, addressId)
  if (!found || (ownerId !== undefined && found.user_id !== ownerId))
    throw new GatewayError('OPERATION_FAILED')
  await openUserBooks(db, [found.user_id, newOwnerId ?? found.user_id])
  const row = await lockAddress(db, addressId)
  if (row?.user_id !== found.user_id) throw new GatewayError('OPERATION_FAILED')
  return row
}

async function requireRoom({ db }: Pick<Services, 'db'>, userId: number): Promise<void> {
  if ((await countAddresses(db, userId)) >= mostAddresses) throw new GatewayError('ADDRESS_LIMIT')
}
