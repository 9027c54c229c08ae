import { randomBytes } from 'node:crypto'
import type { WechatWay } from './accounts.js'

/** Somebody who has WeChat on a phone. */
export interface WechatPerson {
  readonly nickname: string
  /** URL; empty when none is shown. */
  readonly avatar: string
  /** Every application knows a person by another id. */
  readonly openid: Readonly<Record<WechatWay, string>>
  /** Absent where the application is not bound to an open platform account. */
  readonly unionid?: string
  /** Country calling code without a plus, and national number. */
  readonly phone: { readonly area: string; readonly number: string }
}

export interface NewWechatPerson {
  readonly nickname?: string
  readonly avatar?: string
  /** False for a person whom every application knows by its own openid only. */
  readonly unionid?: boolean | string
  readonly openid?: Partial<Record<WechatWay, string>>
  readonly phone?: { readonly area: string; readonly number: string }
}

/** An id as WeChat gives them: 28 characters, the first of them the same within an application. */
function newId(prefix: string): string {
  return (prefix + randomBytes(21).toString('base64url')).slice(0, 28)
}

/** Makes a person up; what is not said of them is made up too. */
export function makePerson({ nickname, avatar, unionid, openid, phone }: NewWechatPerson): WechatPerson {
  const digits = String(randomBytes(4).readUInt32BE() % 100_000_000).padStart(8, '0')
  const union = typeof unionid === 'string' ? unionid : newId('oUnIo')
  return {
    nickname: nickname ?? '小明',
    avatar: avatar ?? 'https://thirdwx.qlogo.cn/mmopen/made-up/132',
    openid: { official: newId('oOff1'), mini: newId('oMin1'), web: newId('oWeb1'), ...openid },
    ...(unionid === false ? {} : { unionid: union }),
    phone: phone ?? { area: '86', number: `139${digits}` },
  }
}

/** What a code was given out for. `phone` codes come of a mini program's phone button. */
interface WechatGrant {
  readonly person: WechatPerson
  readonly way: WechatWay | 'phone'
  readonly scope: string
}

const codeMilliseconds = 5 * 60_000

/** Codes, which are traded once and within five minutes. */
export interface WechatCodes {
  give(grant: WechatGrant): string
  /** The grant of a code, or the error that WeChat answers with. */
  take(code: string | null, way: WechatGrant['way']): WechatGrant | number
}

export function createCodes(now: () => number): WechatCodes {
  const given = new Map<string, WechatGrant & { readonly expiresAt: number; used: boolean }>()
  return {
    give(grant) {
      const code = randomBytes(16).toString('hex')
      given.set(code, { ...grant, expiresAt: now() + codeMilliseconds, used: false })
      return code
    },
    take(code, way) {
      if (code === null || code === '') return 41008
      const grant = given.get(code)
      if (grant === undefined || grant.way !== way) return 40029
      if (grant.used) return 40163
      if (now() >= grant.expiresAt) return 42003
      grant.used = true
      return grant
    },
  }
}
