import { normaliseEmail } from '../../../methods/rules/contacts/emails.js'
import { type Mobile, parseMobile } from '../../../methods/rules/contacts/mobiles.js'
import { GatewayError } from '../../outcome/errors.js'
import { passwordKind, readOldHash } from '../../services/sign-in/passwords.js'

/** A user as an import file describes one, checked. */
export interface ImportedUser {
  readonly line: number
  /** The database gives one if absent. */
  readonly uid: number | undefined
  readonly account: string
  readonly password: string
  readonly salt: string
  readonly nickname: string
  readonly avatar: string
  readonly state: number
  readonly mobile: Mobile | undefined
  /** Milliseconds; null: not verified. */
  readonly mobileVerifiedAt: number | null
  readonly email: string
  readonly emailVerifiedAt: number | null
}

/** The columns of an import file and their meaning; `account` or `uid`, and `password`, are required. */
export const importColumns = {
  uid: 'user id, kept as it is; the database gives one if absent',
  account: 'account name; uid-<uid> if absent',
  password: "the old hash: argon2id, MD5(password+R):R, MD5(password), or the shop's with its salt in `salt`",
  salt: "the shop's salt",
  nickname: 'shown name; the account if absent',
  avatar: 'address of the picture',
  state: '0 locked, 1 active (if absent), 2 not active',
  area: 'country calling code of the mobile; 86 if absent',
  mobile: 'mobile number',
  mobile_verified:
    'since when the mobile is verified: a date, epoch seconds or milliseconds, or Y; empty or N: not',
  email: 'e-mail address',
  email_verified: 'since when the e-mail is verified, likewise',
} as const

const emailForm = /^[^\s@]{1,64}@[^\s@]+\.[^\s@]+$/

/** Checks one line. Throws an Error that names the column and its form, but never a value. */
export function readImportedUser(
  line: number,
  fields: Readonly<Record<string, string>>,
  now: number,
): ImportedUser {
  const unknown = Object.keys(fields).find((name) => !Object.hasOwn(importColumns, name))
  if (unknown !== undefined) throw new Error(`has the unknown column ${unknown}`)
  const text = (name: keyof typeof importColumns) => (fields[name] ?? '').trim()
  const uid = readUid(text('uid'))
  const account = text('account') || (uid === undefined ? '' : `uid-${uid}`)
  if (account === '' || Array.from(account).length > 100)
    throw new Error('account: 1 to 100 characters, or a uid')
  const user = {
    line,
    uid,
    account,
    ...readPassword(text('password'), text('salt')),
    nickname: limited('nickname', text('nickname') || account, 50),
    avatar: limited('avatar', text('avatar'), 255),
    state: readState(text('state')),
    mobile: text('mobile') === '' ? undefined : readMobile(text('mobile'), text('area')),
    mobileVerifiedAt: readTime('mobile_verified', text('mobile_verified'), now),
    email: limited('email', normaliseEmail(text('email')), 50),
    emailVerifiedAt: readTime('email_verified', text('email_verified'), now),
  }
  if (user.email !== '' && !emailForm.test(user.email)) throw new Error('email: an e-mail address')
  return user
}

function readUid(text: string): number | undefined {
  if (text === '') return undefined
  const uid = Number(text)
  if (!/^\d+$/.test(text) || uid < 1 || uid > 4_294_967_295)
    throw new Error('uid: a whole number from 1 to 4294967295')
  return uid
}

function readPassword(password: string, salt: string): { password: string; salt: string } {
  const kind = passwordKind({ user_password: password, user_salt: salt })
  if (kind === 'none' || kind === 'unknown') throw new Error('password: a hash of a known form')
  const isOld = readOldHash({ user_password: password, user_salt: salt }) !== undefined
  return { password, salt: isOld || kind === 'argon2id(md5)' ? limited('salt', salt, 100) : '' }
}

function readState(text: string): number {
  if (!/^[012]?$/.test(text)) throw new Error('state: 0, 1 or 2')
  return text === '' ? 1 : Number(text)
}

function readMobile(mobile: string, area: string): Mobile {
  try {
    return parseMobile(mobile, area)
  } catch (error) {
    if (error instanceof GatewayError) throw new Error('mobile: a number of its area', { cause: error })
    throw error
  }
}

function readTime(name: string, text: string, now: number): number | null {
  if (text === '' || /^(n|no|0|false)$/i.test(text)) return null
  if (/^(y|yes|1|true)$/i.test(text)) return now
  if (/^\d{9,10}$/.test(text)) return Number(text) * 1000
  const time = /^\d{12,13}$/.test(text) ? Number(text) : Date.parse(text)
  if (Number.isNaN(time)) throw new Error(`${name}: a date, epoch seconds or milliseconds, Y or N`)
  return time
}

function limited(name: string, text: string, most: number): string {
  if (Array.from(text).length > most) throw new Error(`${name}: at most ${most} characters`)
  return text
}
