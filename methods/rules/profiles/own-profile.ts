import type { UserCardRow } from '../../../db/user-profiles.js'
import type { Contracts } from '../../../schemas/contracts.js'
import { absolutePictureAddress, splitPictures } from './picture-addresses.js'
import { describeUserFields } from './fields.js'

type UserCard = Contracts['front.account.user.info']['result']

/** How the chat system knows a user: a 31-bit number that never changes (account.md §6). */
export function chatUidOf(userId: number): number {
  return userId % 2 ** 31
}

/** The same as text. */
export function puidOf(userId: number): string {
  return String(chatUidOf(userId))
}

/**
 * What the clients show users of themselves (account.md §7). What another system owns is 0 or empty. `permissions` are
 * the paths of an administrator.
 */
export function describeOwnProfile(
  row: UserCardRow,
  permissions: readonly string[],
  { publicUrl }: { readonly publicUrl: string },
): UserCard {
  // Spread in last: what a literal adds to an object that it has spread first costs V8 several microseconds a field.
  return {
    permissions: [...permissions],
    role_id: row.user_role_id ?? 0,
    roles: row.user_role_name === null ? [] : [row.user_role_name],
    user_level_id: row.user_level_id ?? 0,
    user_level_name: row.user_level_name ?? '',
    user_login_time: row.user_lastlogin_time ?? 0,
    user_reg_time: row.user_reg_time || row.user_created_at,
    unread_number: row.unread_number,
    im: { puid: puidOf(row.user_id) },
    ...describePerson(row, publicUrl),
    ...describeBalances(row),
    ...ofOtherSystems,
  }
}

/** Shops, sites, orders, vouchers, tags and what a user collects: kept by the shop's other systems. */
const ofOtherSystems = {
  chain_id: 0,
  client_id: 0,
  commission_amount: 0,
  month_order: 0,
  month_trade: 0,
  site_id: 0,
  store_id: 0,
  tag_group_names: '',
  tag_title_list: [],
  tag_titles: '',
  total_order: 0,
  total_trade: 0,
  voucher: 0,
  wait_pay_num: 0,
  favorites_goods_num: 0,
  concern_num: 0,
}

function describePerson(row: UserCardRow, publicUrl: string) {
  const images = row.user_idcard_images ?? ''
  return {
    ud_address: row.ud_address ?? '',
    user_idcard_image_list: splitPictures(images).map((image) => absolutePictureAddress(image, publicUrl)),
    user_idcard_images: images,
    user_sign: row.user_sign ?? '',
    user_state: row.user_state ?? 1,
    ...describeUserFields(row, publicUrl),
  }
}

function describeBalances(row: UserCardRow) {
  return {
    currency_id: row.currency_id ?? 86,
    currency_symbol_left: row.currency_symbol_left ?? '￥',
    user_credit: Number(row.user_credit),
    user_credit_frozen: Number(row.user_credit_frozen),
    user_credit_total: Number(row.user_credit_total),
    user_credit_used: Number(row.user_credit_used),
    user_exp: Number(row.user_exp),
    user_margin: Number(row.user_margin),
    user_money: Number(row.user_money),
    user_money_frozen: Number(row.user_money_frozen),
    user_points: Number(row.user_points),
    user_points_frozen: Number(row.user_points_frozen),
    user_recharge_card: Number(row.user_recharge_card),
    user_recharge_card_frozen: Number(row.user_recharge_card_frozen),
    user_redpack: Number(row.user_redpack),
    user_redpack_frozen: Number(row.user_redpack_frozen),
  }
}
