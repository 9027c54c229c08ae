import { setting, type SettingRules } from './setting-rules.js'

/** How points and experience are earned (account.md §7). */
export const growthSettings = {
  points_reg: setting('number', 'points for a registration', '注册赠送的积分', '30'),
  exp_reg: setting('number', 'experience for a registration', '注册赠送的经验值', '0'),
  exp_login: setting('number', "experience for a day's first login", '每日首次登录的经验值', '50'),
  exp_evaluate_good: setting('number', 'experience for a review', '发表评价的经验值', '50'),
  exp_consume_rate: setting(
    'number',
    'experience for each unit of money that is spent',
    '每消费一元所得的经验值',
    '0.1',
  ),
  exp_consume_max: setting('number', 'most experience for one purchase', '单笔消费所得经验值的上限', '500'),
} satisfies SettingRules

/** The documents that `login/protocol` may show, by `protocols_key`. */
export const documentSettings = {
  reg_protocols_description: setting('text', 'document: registration agreement', '文档：注册协议'),
  reg_privacy_protocols: setting('text', 'document: privacy policy', '文档：隐私政策'),
  pr_protocols_description: setting('text', 'document: promotion agreement', '文档：推广协议'),
  cancellation_agreement: setting('text', 'document: closing an account', '文档：账号注销协议'),
  points_protocols: setting('text', 'document: points', '文档：积分说明'),
  withdraw_protocols_description: setting('text', 'document: withdrawals', '文档：提现说明'),
} satisfies SettingRules

/** The document that `login/protocol` shows for `document_type=store`. */
export const storeDescriptionKey = 'store_description'

/** What `userInvoice/getInvoiceTips` says. */
export const invoiceTipsKey = 'invoice_tips'

/** Who speaks for the shop in messages, and whether front ends offer a chat (account-beside.md §7.2). */
export const messageSettings = {
  im_chat: setting(
    'switch',
    'whether front ends offer a chat: needs a chat server',
    '前端是否提供聊天：需要聊天服务器',
    '0',
  ),
  im_config: setting(
    'object',
    'what else front ends are told of the chat: a JSON object',
    '告知前端的其他聊天配置：JSON 对象',
    '{}',
  ),
  message_notice_user: setting(
    'user',
    'id of the user in whose name system notices are sent',
    '以其名义发送系统通知的用户编号',
    '0',
  ),
  message_service_user: setting(
    'user',
    'id of the user who answers for customer service',
    '担任客服的用户编号',
    '0',
  ),
} satisfies SettingRules

/** What the official account answers by itself (account.md §9); nothing while empty. */
export const wechatReplySettings = {
  wechat_reply_subscribe: setting(
    'reply',
    'what the official account answers whoever follows it',
    '公众号对新关注者的自动回复',
  ),
  wechat_reply_text: setting(
    'reply',
    'what the official account answers whoever writes to it',
    '公众号对来信者的自动回复',
  ),
} satisfies SettingRules

/** Texts that stand alone. */
export const textSettings = {
  [invoiceTipsKey]: setting(
    'text',
    'what users are told where they ask for an invoice',
    '申请发票时给用户的提示',
  ),
  [storeDescriptionKey]: setting('text', 'document: about the shop', '文档：商城介绍'),
} satisfies SettingRules
