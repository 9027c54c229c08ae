import { setting, type SettingRules } from './setting-rules.js'

/** What is computed unless it is set (account-beside.md §3.2, §3.3), in the order of the answer. */
export const computedKeys = {
  user_level_map: setting(
    'object',
    'name of each level by its number: a JSON object, if not the table',
    '各等级编号对应的名称：JSON 对象，用以代替数据表',
  ),
  user_level_rate_map: setting(
    'object',
    'percentage of the price that each level pays: a JSON object, if not the table',
    '各等级所付价格的百分比：JSON 对象，用以代替数据表',
  ),
  order_state_list: setting(
    'list',
    'states of an order, as front ends name them: a JSON list',
    '前端所用的订单状态：JSON 列表',
  ),
  return_state_list: setting(
    'list',
    'states of a return: a JSON list, if not the eight of the shop',
    '退货状态：JSON 列表，用以代替商城的八种',
  ),
  payment_channel_list: setting(
    'list',
    "ways to pay: a JSON list, if not the shop's",
    '支付方式：JSON 列表，用以代替商城的',
  ),
  error_type_list: setting('list', 'types of errors in the log: a JSON list', '日志中的错误类型：JSON 列表'),
  user_center_menu: setting(
    'menu',
    'tiles of the member page: a JSON object with a list',
    '会员页的功能块：含 list 的 JSON 对象',
  ),
} satisfies SettingRules
