import type { MethodName } from '../../gateway/contract/method.js'
import { contractDocuments } from '../../schemas/contracts.js'
import { toSnake } from './account-document.js'

/** Names of parameters that hold an id; a new one is asked for here, or in owned-rows.ts. */
export const idName = /(^|_)(id|ids|uid|uids|session|token)$/

/** Ids of what belongs to no user: catalogues of the shop, and texts that are stored as they are. */
export const nobodysIds = new Set([
  'ud_province_id',
  'ud_city_id',
  'ud_county_id',
  'user_level_id',
  'tag_id',
  'tag_ids',
  'tag_group_id',
  'item_id',
  'message_data_id',
  // A place in the caller's own stream; stream.test.ts looks at whose messages it carries.
  'last_event_id',
  // Of the shop's activities, which are not kept here.
  'activity_id',
])

/** What a method needs besides ids to do something. */
export const alsoNeeded: Readonly<Partial<Record<MethodName, Readonly<Record<string, string>>>>> = {
  'front.account.userDeliveryAddress.save': { ud_name: 'changed' },
  'front.account.userInvoice.edit': { invoice_title: 'changed' },
  'front.account.userMessage.add': { message_content: 'hello' },
  'front.account.user.edit': { user_sign: 'changed' },
  'front.account.user.saveCertificate': {
    user_realname: '张三',
    user_idcard: '11010519491231002X',
    user_idcard_images: '/front.jpg,/back.jpg',
  },
  'manage.account.userDeliveryAddress.edit': { ud_name: 'changed' },
  'manage.account.userDeliveryAddress.add': { ud_name: 'new' },
  'manage.account.user.edit': { user_state: '2' },
  'manage.account.userInfo.edit': { user_gender: '2' },
  'manage.account.userInfo.editState': { user_is_authentication: '2' },
  'manage.account.userInfo.passWordEdit': { user_password: 'changed it' },
  'manage.account.userInfo.addTags': { tag_ids: '3' },
  'manage.account.userMessage.add': { message_content: 'hello' },
  'manage.account.userMessage.editState': { message_is_delete: 'true' },
  'manage.account.userInvoice.add': { invoice_title: 'new' },
  'manage.account.userInvoice.edit': { invoice_title: 'changed' },
  'manage.account.user.reviewCertificate': { passed: 'true' },
}

/** The parameters of a method that hold ids, in snake_case. */
export function idsOf(method: MethodName): string[] {
  return Object.keys(contractDocuments[method].properties)
    .map(toSnake)
    .filter((name) => idName.test(name))
}
