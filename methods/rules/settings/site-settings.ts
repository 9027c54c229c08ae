import { findSettings } from '../../../db/settings.js'
import type { Services } from '../../../gateway/services/services.js'
import { readBoolean } from '../../../gateway/wire/booleans.js'

/** What an operator may set without a restart, and what counts until then. Anything else is refused. */
interface SettingRule {
  readonly kind: 'text' | 'number' | 'switch' | 'list' | 'object' | 'user' | 'reply'
  readonly default: string
  /** For operators. */
  readonly meaning: string
}

type SettingRules<Key extends string = string> = Readonly<Record<Key, SettingRule>>

function text(meaning: string, preset = ''): SettingRule {
  return { kind: 'text', default: preset, meaning }
}

function list(meaning: string): SettingRule {
  return { kind: 'list', default: '[]', meaning }
}

function number(preset: string, meaning: string): SettingRule {
  return { kind: 'number', default: preset, meaning }
}

function user(meaning: string): SettingRule {
  return { kind: 'user', default: '0', meaning }
}

/** What everybody may read, by `front/sys/config/info` (account.md §7): no secret, and no key URL, CONFIG or HTTPS. */
const publicSettings = {
  site_name: text('name of the site, in mails too', '商城'),
  site_mobile_logo: text('URL of the logo on phones'),
  site_admin_logo: text('URL of the logo on the admin site'),
  account_login_bg: text('URL of the picture behind the login form'),
  default_shipping_district: text('province,city,county', '北京市,北京市,东城区'),
  order_state_list: list('states of an order, as front ends name them: a JSON list'),
  return_state_list: list('states of a return: a JSON list'),
  payment_channel_list: list('ways to pay: a JSON list'),
  wechat_app_id: text('app id of the official account that front ends use'),
  wechat_connect_auto: {
    kind: 'switch',
    default: '0',
    meaning: 'whether front ends log in by WeChat unasked',
  },
} as const satisfies SettingRules

/** How points and experience are earned (account.md §7). */
export const growthSettings = {
  points_reg: number('30', 'points for a registration'),
  exp_reg: number('0', 'experience for a registration'),
  exp_login: number('50', "experience for a day's first login"),
  exp_evaluate_good: number('50', 'experience for a review'),
  exp_consume_rate: number('0.1', 'experience for each unit of money that is spent'),
  exp_consume_max: number('500', 'most experience for one purchase'),
} as const satisfies SettingRules

/** The documents that `login/protocol` may show, by `protocols_key`. */
export const documentSettings = {
  reg_protocols_description: text('document: registration agreement'),
  reg_privacy_protocols: text('document: privacy policy'),
  pr_protocols_description: text('document: promotion agreement'),
  cancellation_agreement: text('document: closing an account'),
  points_protocols: text('document: points'),
  withdraw_protocols_description: text('document: withdrawals'),
} as const satisfies SettingRules

/** The document that `login/protocol` shows for `document_type=store`. */
export const storeDescriptionKey = 'store_description'

/** What `userInvoice/getInvoiceTips` says. */
export const invoiceTipsKey = 'invoice_tips'

/** Who speaks for the shop in messages, and whether front ends offer a chat (account.md §6). */
const messageSettings = {
  im_chat: { kind: 'switch', default: '1', meaning: 'whether front ends offer a chat' },
  im_config: {
    kind: 'object',
    default: '{}',
    meaning: 'what else front ends are told of the chat: a JSON object',
  },
  message_notice_user: user('id of the user in whose name system notices are sent'),
  message_service_user: user('id of the user who answers for customer service'),
} as const satisfies SettingRules

function reply(meaning: string): SettingRule {
  return { kind: 'reply', default: '', meaning }
}

/** What the official account answers by itself (account.md §9); nothing while empty. */
export const wechatReplySettings = {
  wechat_reply_subscribe: reply('what the official account answers whoever follows it'),
  wechat_reply_text: reply('what the official account answers whoever writes to it'),
} as const satisfies SettingRules

/** Every setting there is. */
export const knownSettings: SettingRules = {
  ...publicSettings,
  ...growthSettings,
  ...documentSettings,
  ...messageSettings,
  ...wechatReplySettings,
  [invoiceTipsKey]: text('what users are told where they ask for an invoice'),
  [storeDescriptionKey]: text('document: about the shop'),
}

/** Bytes of a `text` column on MySQL. */
const longestValue = 65_535

/** Bytes that WeChat shows of a text. */
const longestReply = 2048

/** What is wrong with a value for a known setting, or undefined. */
export function findSettingProblem(key: string, value: string): string | undefined {
  const kind = knownSettings[key]?.kind
  if (Buffer.byteLength(value) > longestValue) return `at most ${longestValue} bytes`
  if (value.includes('\0')) return 'no NUL characters'
  if (kind === 'reply' && Buffer.byteLength(value) > longestReply) return `at most ${longestReply} bytes`
  if (kind === 'number' && !/^\d{1,7}(\.\d{1,6})?$/.test(value)) return 'a number from 0 to 9999999'
  if (kind === 'list' && readList(value) === undefined) return 'a JSON list'
  if (kind === 'object' && readObject(value) === undefined) return 'a JSON object'
  if (kind === 'user' && !/^\d{1,10}$/.test(value)) return 'the id of a user, 0 for none'
  if (kind === 'switch' && readBoolean(value) === undefined) return 'true or false'
  return undefined
}

type PublicKey = keyof typeof publicSettings

export type SiteSettings = Readonly<Record<PublicKey, string>>

/** What holds while nothing is set. */
export const defaultSiteSettings = Object.fromEntries(
  Object.entries(publicSettings).map(([key, rule]) => [key, rule.default]),
) as SiteSettings

/** The public settings as texts, what is not set by its default. */
export async function loadSiteSettings({ db, cache }: Pick<Services, 'db' | 'cache'>): Promise<SiteSettings> {
  const load = () => findSettings(db, Object.keys(publicSettings))
  const found = (await cache.fetch('site-settings', load)) ?? new Map<string, string>()
  return { ...defaultSiteSettings, ...Object.fromEntries(found) }
}

/** A list as the operator wrote it, or undefined when it is none. */
export function readList(text: string): unknown[] | undefined {
  const value = readJson(text)
  return Array.isArray(value) ? value : undefined
}

/** The same of an object. */
export function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = readJson(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What the official account answers to a kind of message; empty for nothing. */
export async function loadWechatReply(
  { db, cache }: Pick<Services, 'db' | 'cache'>,
  key: keyof typeof wechatReplySettings,
): Promise<string> {
  const load = () => findSettings(db, Object.keys(wechatReplySettings))
  const found = await cache.fetch('wechat-replies', load)
  return found?.get(key) ?? ''
}

export type MessageSettings = Readonly<Record<keyof typeof messageSettings, string>>

/** The settings of messages as texts, what is not set by its default. */
export async function loadMessageSettings({
  db,
  cache,
}: Pick<Services, 'db' | 'cache'>): Promise<MessageSettings> {
  const load = () => findSettings(db, Object.keys(messageSettings))
  const found = (await cache.fetch('message-settings', load)) ?? new Map<string, string>()
  return {
    im_chat: found.get('im_chat') ?? messageSettings.im_chat.default,
    im_config: found.get('im_config') ?? messageSettings.im_config.default,
    message_notice_user: found.get('message_notice_user') ?? messageSettings.message_notice_user.default,
    message_service_user: found.get('message_service_user') ?? messageSettings.message_service_user.default,
  }
}
