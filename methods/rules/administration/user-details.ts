import { findShownAddress } from '../../../db/delivery-addresses.js'
import type { ManagedUserRow } from '../../../db/managed-users.js'
import type { TagRow } from '../../../db/user-tags.js'
import { findUserResource, type UserResourceRow } from '../../../db/user-resources.js'
import type { Services } from '../../../gateway/services/services.js'
import type { Contracts } from '../../../schemas/contracts.js'
import { describeManagedUser } from '../profiles/managed-users.js'
import { absolutePictureAddress, splitPictures } from '../profiles/picture-addresses.js'
import { describeUserTags, knownTagIds } from './tags.js'

type ListedUser = Contracts['manage.account.userInfo.list']['result']['items'][number]
type UserDetails = Contracts['manage.account.userInfo.getUserData']['result']

/** A user in the admin site's list: without the pictures of the certificate, and with the tags that there are. */
export function describeListedUser(
  row: ManagedUserRow,
  tags: ReadonlyMap<number, TagRow>,
  config: { readonly publicUrl: string },
): ListedUser {
  return {
    ...describeManagedUser(row, config),
    tag_ids: knownTagIds(tags, row.tag_ids),
    user_idcard_images: '',
    user_new: row.user_new !== 0,
    user_parent_id: null,
  }
}

/** All of a user (account-beside.md §4.2). What another system owns is 0. */
export async function describeUserDetails(
  services: Pick<Services, 'db' | 'config'>,
  row: ManagedUserRow,
): Promise<UserDetails> {
  const { db, config } = services
  const [tags, address, resource] = await Promise.all([
    describeUserTags(services, row.tag_ids),
    findShownAddress(db, row.user_id),
    findUserResource(db, row.user_id),
  ])
  const images = row.user_idcard_images ?? ''
  return {
    ...ofOtherSystems,
    ...describeManagedUser(row, config),
    ...tags,
    ...describeResource(resource),
    user_new: row.user_new !== 0,
    user_parent_id: null,
    user_idcard_images: images,
    user_idcard_image_list: splitPictures(images).map((image) =>
      absolutePictureAddress(image, config.publicUrl),
    ),
    ud_address: address,
    user_reg_time: row.user_reg_time || null,
    user_login_time: row.user_lastlogin_time || null,
  }
}

/** Orders and commissions are kept by the shop's other systems. */
const ofOtherSystems = {
  month_order: 0,
  total_order: 0,
  month_trade: 0,
  total_trade: 0,
  user_commission_now: 0,
  month_commission_buy: 0,
}

function describeResource(row: UserResourceRow | undefined) {
  const amount = (column: string) => Number(row?.[column] ?? 0)
  return {
    currency_id: row?.currency_id ?? 86,
    currency_symbol_left: row?.currency_symbol_left ?? '￥',
    user_money: amount('user_money'),
    user_money_frozen: amount('user_money_frozen'),
    user_recharge_card: amount('user_recharge_card'),
    user_recharge_card_frozen: amount('user_recharge_card_frozen'),
    user_points: amount('user_points'),
    user_points_frozen: amount('user_points_frozen'),
    user_credit: amount('user_credit'),
    user_credit_frozen: amount('user_credit_frozen'),
    user_credit_used: amount('user_credit_used'),
    user_credit_total: amount('user_credit_total'),
    user_margin: amount('user_margin'),
    user_redpack: amount('user_redpack'),
    user_redpack_frozen: amount('user_redpack_frozen'),
    user_sp: amount('user_sp'),
    user_sp_frozen: amount('user_sp_frozen'),
    user_exp: amount('user_exp'),
    version: amount('version'),
  }
}
