import { createHash } from 'node:crypto'
import type { RawParameters } from '../../wire/query-string.js'

/** Something that is begun at one server and can be ended there only: a code that was sent. */
export interface Pair {
  /** A digest, as what it is made of is somebody's number. */
  readonly id: string
  readonly role: 'begins' | 'ends'
}

interface PairMethod {
  readonly pair: string
  readonly role: Pair['role']
  /** The parameters, the first that was sent, whose value is the same in both calls. */
  readonly params: readonly string[]
}

const shopEnds = {
  pair: 'code of the shop',
  role: 'ends',
  params: ['verifyKey', 'verify_key', 'userAccount', 'user_account'],
} as const
const shopBegins = { pair: 'code of the shop', role: 'begins' } as const

const pairMethods: Readonly<Record<string, PairMethod>> = {
  'web.passport.sendcode': { pair: 'code', role: 'begins', params: ['mobile'] },
  'web.passport.checkcode': { pair: 'code', role: 'ends', params: ['mobile'] },
  'web.passport.checkVerifyMobile': { pair: 'checked number', role: 'begins', params: ['mobile'] },
  'web.passport.changeVerifyMobile': {
    pair: 'checked number',
    role: 'ends',
    params: ['newMobile', 'new_mobile'],
  },
  'front.sys.captcha.mobile': { ...shopBegins, params: ['mobile'] },
  'front.sys.captcha.email': { ...shopBegins, params: ['email'] },
  'front.sys.captcha.index': { ...shopBegins, params: ['verify_key', 'verifyKey'] },
  'front.account.login.doSmsLogin': shopEnds,
  'front.account.login.register': shopEnds,
  'front.account.login.login': shopEnds,
  'front.account.login.setNewPassword': shopEnds,
  'front.account.user.bindMobile': shopEnds,
  'front.account.user.unBindMobile': shopEnds,
}

/** Whether calls of a method begin or end something that stays with one server. */
function isPairMethod(method: string): boolean {
  return Object.hasOwn(pairMethods, method)
}

/** What a call begins or ends; undefined where it is nothing of the kind, or does not say whose. */
export function pairOf(method: string, params: RawParameters): Pair | undefined {
  const known = isPairMethod(method) ? pairMethods[method] : undefined
  const value = known?.params.map((name) => params[name]).find((text) => text !== undefined && text !== '')
  if (known === undefined || value === undefined) return undefined
  const whose = plainForm(value, params['area'] ?? '')
  return {
    id: createHash('sha256').update(`${known.pair}\n${whose}`).digest('hex'),
    role: known.role,
  }
}

/** A number is the same with the country's before it and without, where that is the mainland's. */
function plainForm(value: string, area: string): string {
  const text = value.trim().toLowerCase()
  if (!/^\+?[\d -]+$/.test(text)) return text
  const digits = text.replaceAll(/\D/g, '')
  const country = area.replaceAll(/\D/g, '')
  if (country !== '' && country !== '86') return `${country}${digits}`
  return /^86(1\d{10})$/.exec(digits)?.[1] ?? digits
}
