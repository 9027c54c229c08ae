/** Where a value stands: what a caller sent, or what was answered. */
export type Side = 'request' | 'answer'

/** What a value is for, where its name tells: these must be known to make a call again. */
export type ValueKind = 'password' | 'code' | 'token' | 'id'

const passwordName = /pass_?w|pwd/i
const codeName = /^(?:code|verify_?code|captcha|pic_?code|sms_?code)$/i
const tokenName =
  /token|secret|session_?key|^perm_key$|^authorization$|^openid$|^unionid$|open_?id$|ticket|^_UID$|encrypted_?data|^iv$|sign(?:ature)?$/i
const idName =
  /^(?:uid|puid|userId|user_?id|perm_id|user_?other_?id|friend_id|ud_id|message_?(?:other_?)?id)$|invoice_?id$/i

/** Names whose values say nothing of a person, whatever they are. */
const plainRequestNames = new Set(
  [
    'method client_type app_key app_version os_version screen_size v yh_channel gender business_line fromPage',
    'physical_channel area area_code return_type timestamp sign_method debug sidx sort page size order recently_flag',
    'bind_type bindType source_type sourceType message_type messageType message_kind messageKind message_cat format',
    'protocols_key protocolsKey document_type documentType ud_intl user_intl lang charset encrypt',
  ].flatMap((line) => line.split(' ')),
)

const plainAnswerNames = new Set(
  [
    'code status message msg error result alg title state emailVerify mobileVerify page size records total items',
    'currency_symbol_left premiumScops commonDiscount promotionDiscount needCost user_intl ud_intl area_code',
    'message_cat type user_level_name protocols_key format',
  ].flatMap((line) => line.split(' ')),
)

/** Values of a person even in a form that is plain elsewhere: a date, a short number. */
const personalName = /birth|latitude|longitude|id_?card|realname|true_?name/i

/** A number or an address, which is hidden even where a harmless value is expected. */
const addressing = /1[3-9]\d{9}|@|[0-9a-f]{24}/i

const plainForms = [
  /^.?$/su,
  /^(?:true|false|null|undefined|nan|yes|no|on|off)$/i,
  /^-?\d{1,3}$/,
  /^-?\d+\.\d+$/,
  /^\d{4}([-/])\d\d\1\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/,
]

/** What a value of this name is for, or undefined. */
export function valueKindOf(name: string, side: Side): ValueKind | undefined {
  if (passwordName.test(name)) return 'password'
  if (side === 'request' && codeName.test(name)) return 'code'
  if (tokenName.test(name)) return 'token'
  return idName.test(name) ? 'id' : undefined
}

/**
 * Whether a value may be written as it is. What is not known to be harmless is not: of a name that nobody listed only
 * flags, numbers of up to three digits, decimals and dates.
 */
export function isPlain(name: string, value: string, side: Side): boolean {
  if (value === '') return true
  const kind = valueKindOf(name, side)
  // A short id is another's count; equal values have to be treated alike wherever they stand.
  if (kind !== undefined && kind !== 'id') return false
  if (personalName.test(name)) return false
  // A JSONP function's name is in the answer too; another `callback` is an address.
  if (name === 'callback') return /^[\w$.]{1,64}$/.test(value)
  const names = side === 'request' ? plainRequestNames : plainAnswerNames
  if (kind === undefined && names.has(name)) return !addressing.test(value)
  if (kind === undefined && side === 'answer' && /(?:time|day)s?$/i.test(name) && /^\d*$/.test(value))
    return true
  return plainForms.some((form) => form.test(value))
}
