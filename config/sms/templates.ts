/** Every kind of text message the server sends. */
const smsTemplates = [
  'code',
  'mobile-changed',
  'password-changed',
  'email-changed',
  'wechat-changed',
] as const

/** What a text message is about: which template a vendor that fills templates itself is to fill. */
export type SmsTemplate = (typeof smsTemplates)[number]

/** A template as it is configured: with `-abroad`, the one for numbers outside the mainland. */
type SmsTemplateName = SmsTemplate | `${SmsTemplate}-abroad`

/** A vendor's ids of our templates. */
export type SmsTemplateIds = Readonly<Partial<Record<SmsTemplateName, string>>>

const templateNames: readonly SmsTemplateName[] = [
  ...smsTemplates,
  ...smsTemplates.map((name) => `${name}-abroad` as const),
]

/** Whether the text is `TEMPLATE=ID` for a template there is. */
export function isTemplatePair(text: string): boolean {
  const [name, id = '', ...rest] = text.split('=')
  return templateNames.some((known) => known === name) && rest.length === 0 && /^[\w-]+$/.test(id)
}

/** The ids by template; of a template that is named twice, the last one. */
export function readTemplates(pairs: readonly string[] = []): SmsTemplateIds {
  return Object.fromEntries(pairs.flatMap((pair) => (isTemplatePair(pair) ? [pair.split('=', 2)] : [])))
}

/** Whether the pairs name each template once, and `code`, without which nobody could be sent one, among them. */
export function areTemplatesWhole(pairs: readonly string[]): boolean {
  const ids = readTemplates(pairs)
  return ids.code !== undefined && Object.keys(ids).length === pairs.length
}

/** The templates that have no id: messages of these kinds can't be sent. */
export function missingTemplates(pairs: readonly string[]): SmsTemplate[] {
  const ids = readTemplates(pairs)
  return smsTemplates.filter((name) => ids[name] === undefined)
}
