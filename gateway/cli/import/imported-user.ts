import { normaliseEmail } from '../../../methods/rules/contacts/emails.js'
import { readMobile } from '../../../methods/rules/contacts/account-mobiles.js'
import { type Mobile, parseMobile } from '../../../methods/rules/contacts/mobiles.js'
import { GatewayError } from '../../outcome/errors.js'
import { type PasswordColumns, storeOldHash } from '../../services/sign-in/password-forms/old-hash.js'
import type { Fields, ImportColumn, ReadLine } from './columns.js'
import { type DateWay, readDay, readMoment } from './dates.js'
import { type ImportedAddress, readAddresses } from './imported-address.js'

/** A user as an import file describes one, checked. What is undefined or empty was not given. */
export interface ImportedUser {
  readonly line: number
  /** The database gives one if absent. */
  readonly uid: number | undefined
  readonly account: string
  readonly password: PasswordColumns
  readonly nickname: string
  readonly avatar: string
  readonly state: number | undefined
  readonly mobile: Mobile | undefined
  /** Milliseconds, as all times; null: not verified. */
  readonly mobileVerifiedAt: number | null
  readonly email: string
  readonly emailVerifiedAt: number | null
  readonly gender: number | undefined
  /** `yyyy-MM-dd` */
  readonly birthday: string | undefined
  readonly registeredAt: number | undefined
  readonly lastLoginAt: number | undefined
  /** Openids. */
  readonly wechat: Readonly<Record<'official' | 'mini' | 'web' | 'unionid', string>>
  readonly addresses: readonly ImportedAddress[]
}

/** How the fields of a file are to be read. */
export interface FieldReading {
  readonly now: number
  readonly timeZone: string
  readonly dates: DateWay
  /** How hashes were made that do not tell it. */
  readonly form: string | undefined
}

/** A user, and what the file has of the user that can't be taken: column and reason. */
export interface ReadUser {
  readonly user: ImportedUser
  readonly leftOut: readonly string[]
}

const emailForm = /^[^\s@]{1,64}@[^\s@]+\.[^\s@]+$/
const withoutIt = 'imported without it'

/**
 * Checks one line. Throws an Error that names the column and its form, but never a value, where it can't be told who
 * the user is or what the password; what else is wrong is left out.
 */
export function readImportedUser(
  { line, fields, addresses }: Extract<ReadLine, { fields: Fields }>,
  reading: FieldReading,
): ReadUser {
  const leftOut: string[] = []
  const text = (name: ImportColumn) => (fields[name] ?? '').trim()
  const leave = (reason: string) => void leftOut.push(`${reason}; ${withoutIt}`)
  const short = (name: ImportColumn, most: number) => {
    if (Array.from(text(name)).length <= most) return text(name)
    leave(`${name}: must be of at most ${most} characters`)
    return ''
  }
  const moment = (name: ImportColumn) => readPast(name, text(name), { reading, leave })
  const uid = readUid(text('uid'))
  const account = text('account') || (uid === undefined ? '' : `uid-${uid}`)
  if (account === '' || Array.from(account).length > 100)
    throw new Error('account: must be of 1 to 100 characters, or there must be a uid')
  const mobile = readNumber(text('mobile'), text('area'), leave)
  const email = readEmail(text('email'), leave)
  const user: ImportedUser = {
    line,
    uid,
    account,
    password: readPassword(fields, reading, leave),
    nickname: short('nickname', 50),
    avatar: short('avatar', 255),
    state: readChoice('state', text('state'), { choices: states, leave }),
    mobile,
    mobileVerifiedAt: mobile
      ? readProof('mobile_verified', text('mobile_verified'), { reading, leave })
      : null,
    email,
    emailVerifiedAt: email ? readProof('email_verified', text('email_verified'), { reading, leave }) : null,
    gender: readChoice('gender', text('gender').toLowerCase(), { choices: genders, leave }),
    birthday: readBirthday(text('birthday'), { reading, leave }),
    registeredAt: moment('registered'),
    lastLoginAt: moment('last_login'),
    wechat: {
      official: short('wechat_official', 100),
      mini: short('wechat_mini', 100),
      web: short('wechat_web', 100),
      unionid: short('wechat_unionid', 100),
    },
    addresses: readAddresses([fields, ...(addresses ?? [])], leave),
  }
  return { user, leftOut }
}

type Leave = (reason: string) => void

function readUid(text: string): number | undefined {
  if (text === '') return undefined
  const uid = Number(text)
  if (!/^\d+$/.test(text) || uid < 1 || uid > 4_294_967_295)
    throw new Error('uid: must be a whole number from 1 to 4294967295')
  return uid
}

function readPassword(fields: Fields, reading: FieldReading, leave: Leave): PasswordColumns {
  const hash = (fields['password'] ?? '').trim()
  if (hash === '') {
    leave('password: is empty')
    return { user_password: '', user_salt: '' }
  }
  const form = fields['form']?.trim().toLowerCase().replace('md5:r', 'md5:R')
  return storeOldHash({ hash, salt: fields['salt'] ?? '', form, usualForm: reading.form })
}

const states = { '0': 0, '1': 1, '2': 2 } as const
const genders = { '0': 0, '1': 1, '2': 2, m: 1, male: 1, 男: 1, f: 2, female: 2, 女: 2, 保密: 0 } as const

function readChoice(
  name: ImportColumn,
  text: string,
  { choices, leave }: { readonly choices: Readonly<Record<string, number>>; readonly leave: Leave },
): number | undefined {
  if (text === '') return undefined
  if (!Object.hasOwn(choices, text))
    leave(`${name}: must be ${name === 'state' ? '0, 1 or 2' : '0, 1, 2, m or f'}`)
  return Object.hasOwn(choices, text) ? choices[text] : undefined
}

function readNumber(mobile: string, area: string, leave: Leave): Mobile | undefined {
  if (mobile === '') return undefined
  try {
    return parseMobile(mobile, area)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const read = readMobile(mobile.replace(/[\s()-]/g, ''))
    if (!read) leave('mobile: must be a number of its area')
    return read
  }
}

function readEmail(text: string, leave: Leave): string {
  const email = normaliseEmail(text)
  if (email === '' || (emailForm.test(email) && Array.from(email).length <= 50)) return email
  leave('email: must be an e-mail address of at most 50 characters')
  return ''
}

interface DateReading {
  readonly reading: FieldReading
  readonly leave: Leave
}

function readPast(name: ImportColumn, text: string, { reading, leave }: DateReading): number | undefined {
  if (text === '') return undefined
  const moment = readMoment(text, reading.dates, reading.timeZone)
  if (typeof moment === 'number' && moment > 0 && moment <= reading.now) return moment
  leave(`${name}: ${dateProblem(moment)}`)
  return undefined
}

function dateProblem(moment: number | 'none' | undefined): string {
  if (moment === 'none') return 'is a zero date'
  return moment === undefined
    ? 'must be a date such as 2015-11-13 14:14:35 (--dates tells of others)'
    : 'must be a date between 1970 and now'
}

/** Y stands for a moment that nobody knows. */
function readProof(name: ImportColumn, text: string, dates: DateReading): number | null {
  if (text === '' || /^(n|no|0|false)$/i.test(text)) return null
  if (/^(y|yes|1|true)$/i.test(text)) return dates.reading.now
  return readPast(name, text, dates) ?? null
}

function readBirthday(text: string, { reading, leave }: DateReading): string | undefined {
  if (text === '') return undefined
  const day = readDay(text, reading.dates, reading.timeZone)
  const today = new Date(reading.now + 86_400_000).toISOString().slice(0, 10)
  if (day !== undefined && day !== 'none' && day >= '1900-01-01' && day <= today) return day
  leave(
    `birthday: ${day === 'none' ? 'is a zero date' : 'must be a date since 1900 (--dates tells of other orders)'}`,
  )
  return undefined
}
