import { CommandError } from '../command/error.js'

const dateForm = '2015-11-13 14:14:35 or epoch seconds; other orders by --dates'

/** The columns of an import file and their meaning; `account` or `uid` is required. */
export const importColumns = {
  uid: 'user id, kept as it is; the database gives one if absent',
  account: 'account name; uid-<uid> if absent',
  password: 'the old hash; none: the user signs in by a code and sets a new one',
  salt: "the hash's salt, as it is",
  form: 'how the hash was made, where it does not tell itself; --form says it of all rows',
  nickname: 'shown name; the account if absent',
  avatar: 'address of the picture',
  state: '0 locked, 1 active (if absent), 2 not active',
  area: 'country calling code of the mobile; 86 if absent',
  mobile: 'mobile number',
  mobile_verified: 'since when the mobile is verified: a date, or Y; empty or N: not',
  email: 'e-mail address',
  email_verified: 'since when the e-mail is verified, likewise; else it signs nobody in until it is proved',
  gender: '0 not told, 1 or m male, 2 or f female',
  birthday: 'a date',
  registered: `when the user registered: ${dateForm}`,
  last_login: 'when the user was last there, likewise',
  wechat_official: 'openid at the official account, WECHAT_MP_APP_ID',
  wechat_mini: 'openid at the mini program, WECHAT_MINI_APP_ID',
  wechat_web: 'openid at the PC site, WECHAT_WEB_APP_ID',
  wechat_unionid: 'unionid at WeChat',
  address_name: 'who receives at the delivery address; in JSON lines, `addresses` may hold several',
  address_mobile: 'number of who receives',
  address_province: 'province',
  address_city: 'city',
  address_county: 'county',
  address_detail: 'street and house',
  address_postcode: 'postal code',
} as const

export type ImportColumn = keyof typeof importColumns

/** Columns whose values may be the word NULL; elsewhere it is what databases write for none. */
const free: readonly string[] = ['account', 'nickname', 'address_name']

/** A cell as exports of databases mean it: `\N` and NULL are none. */
export function cellText(column: string, cell: string): string {
  return cell === '\\N' || (cell === 'NULL' && !free.includes(column)) ? '' : cell
}

export function isImportColumn(name: string): name is ImportColumn {
  return Object.hasOwn(importColumns, name)
}

export type Fields = Readonly<Record<string, string>>

/** A line of the file: its fields as text, or its problem. */
export type ReadLine = { readonly line: number } & (
  | { readonly fields: Fields; readonly addresses?: readonly Fields[] }
  | { readonly problem: string }
)

/** Told once of each column that is not known and left out. */
export type TellUnknown = (names: readonly string[]) => void

/** Throws CommandError unless the columns are such that each line names a user, none of them twice. */
export function checkColumns(names: readonly string[]): void {
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index)
  if (twice !== undefined && isImportColumn(twice))
    throw new CommandError(`the column ${twice} stands in the first line twice`)
  if (!names.includes('uid') && !names.includes('account'))
    throw new CommandError(
      'the first line does not name the columns, uid or account among them ("user import --help" lists all)',
    )
}
