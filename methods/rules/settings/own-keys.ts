import type { SettingRules } from './setting-rules.js'

/** How points and experience are earned (account.md §7). */
export const growthSettings = {
  points_reg: { kind: 'number', default: '30', meaning: 'points for a registration' },
  exp_reg: { kind: 'number', default: '0', meaning: 'experience for a registration' },
  exp_login: { kind: 'number', default: '50', meaning: "experience for a day's first login" },
  exp_evaluate_good: { kind: 'number', default: '50', meaning: 'experience for a review' },
  exp_consume_rate: {
    kind: 'number',
    default: '0.1',
    meaning: 'experience for each unit of money that is spent',
  },
  exp_consume_max: { kind: 'number', default: '500', meaning: 'most experience for one purchase' },
} as const satisfies SettingRules

/** The documents that `login/protocol` may show, by `protocols_key`. */
export const documentSettings = {
  reg_protocols_description: { kind: 'text', meaning: 'document: registration agreement' },
  reg_privacy_protocols: { kind: 'text', meaning: 'document: privacy policy' },
  pr_protocols_description: { kind: 'text', meaning: 'document: promotion agreement' },
  cancellation_agreement: { kind: 'text', meaning: 'document: closing an account' },
  points_protocols: { kind: 'text', meaning: 'document: points' },
  withdraw_protocols_description: { kind: 'text', meaning: 'document: withdrawals' },
} as const satisfies SettingRules

/** The document that `login/protocol` shows for `document_type=store`. */
export const storeDescriptionKey = 'store_description'

/** What `userInvoice/getInvoiceTips` says. */
export const invoiceTipsKey = 'invoice_tips'

/** Who speaks for the shop in messages, and whether front ends offer a chat (account-beside.md §7.2). */
export const messageSettings = {
  im_chat: { kind: 'switch', default: '0', meaning: 'whether front ends offer a chat: needs a chat server' },
  im_config: {
    kind: 'object',
    default: '{}',
    meaning: 'what else front ends are told of the chat: a JSON object',
  },
  message_notice_user: {
    kind: 'user',
    default: '0',
    meaning: 'id of the user in whose name system notices are sent',
  },
  message_service_user: {
    kind: 'user',
    default: '0',
    meaning: 'id of the user who answers for customer service',
  },
} as const satisfies SettingRules

/** What the official account answers by itself (account.md §9); nothing while empty. */
export const wechatReplySettings = {
  wechat_reply_subscribe: { kind: 'reply', meaning: 'what the official account answers whoever follows it' },
  wechat_reply_text: { kind: 'reply', meaning: 'what the official account answers whoever writes to it' },
} as const satisfies SettingRules

/** Texts that stand alone. */
export const textSettings = {
  [invoiceTipsKey]: { kind: 'text', meaning: 'what users are told where they ask for an invoice' },
  [storeDescriptionKey]: { kind: 'text', meaning: 'document: about the shop' },
} as const satisfies SettingRules
