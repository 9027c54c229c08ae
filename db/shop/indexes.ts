import type { Index } from '../migrations/table-builder.js'

const on = (...columns: string[]): Index => ({ columns })

/**
 * The indexes that the migrations give the shop's large tables one by one. Made beforehand, all of a table cost one
 * pass over its rows; the migrations find them there.
 */
export const wantedIndexes: Readonly<Record<string, readonly Index[]>> = {
  account_user_info: [
    on('user_nickname'),
    on('user_state'),
    on('user_level_id'),
    on('user_is_authentication'),
  ],
  account_user_bind_connect: [on('user_id'), on('bind_id'), on('bind_openid'), on('bind_unionid')],
  account_user_login_history: [on('user_id'), on('user_account'), on('user_login_ip')],
  account_user_delivery_address: [on('user_id'), on('ud_time'), on('ud_mobile')],
  account_user_invoice: [on('user_id')],
  account_user_message: [
    on('user_id', 'user_other_id', 'message_time'),
    on('user_id', 'message_type', 'message_time'),
    on('user_id', 'message_kind', 'message_id'),
    {
      columns: ['user_id', 'message_kind', 'message_time desc', 'message_is_read', 'message_id desc'],
      name: 'message_by_kind',
    },
    {
      columns: ['user_id', 'message_kind', 'message_is_read', 'message_time'],
      name: 'message_by_read',
    },
  ],
}
