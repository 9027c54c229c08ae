import type { DeliveryAddressRow } from '../../../db/delivery-addresses.js'
import type { ListDefinition } from '../../../db/list-definition.js'
import type { Services } from '../../../gateway/services/services.js'
import { type DeliveryAddress, describeAddress, readCallingCode } from './address-fields.js'
import { answerList, type ListAnswer } from '../lists/lists.js'
import type { ListParameters } from '../lists/requests.js'

interface AddressListCall {
  readonly params: ListParameters & { readonly ud_intl?: string }
  readonly raw?: Readonly<Record<string, string>>
}

/** Answers a list of addresses; a country code is found in each of its forms. Throws what answerList does. */
export async function answerAddresses(
  services: Pick<Services, 'db' | 'config'>,
  definition: ListDefinition<DeliveryAddressRow>,
  call: AddressListCall,
): Promise<ListAnswer<DeliveryAddress>> {
  const list = { definition, describe: describeAddress }
  const { ud_intl: intl = '' } = call.params
  if (intl === '') return answerList(services, list, call)
  // What is no code is looked for as it is, and found nowhere.
  const params = { ...call.params, ud_intl: readCallingCode(intl) ?? intl }
  return answerList(services, list, { ...call, params })
}
