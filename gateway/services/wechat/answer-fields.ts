import { textOf, toNumber } from './fields.js'
import type { LentToken } from './shared-token.js'
import { type WechatAnswer, wechatFailure, type WechatWay } from './client.js'

/** Of an openid or unionid: WeChat's are 28 letters, digits, `_` and `-`; the tables have room for 100. */
const idPattern = /^[\x21-\x7e]{1,100}$/
/** Seconds. WeChat lends for two hours. */
const longestLoan = 86_400

/** The text that an answer must have under a name. Throws WECHAT_FAILED when it has none. */
export function neededText(way: WechatWay, answer: WechatAnswer, name: string): string {
  const text = textOf(answer, name)
  if (text === '') throw wechatFailure(way, `an answer without ${name}`)
  return text
}

/** By which the application knows somebody. Throws WECHAT_FAILED when it is missing or does not look like one. */
export function openidOf(way: WechatWay, answer: WechatAnswer): string {
  return checkId(way, 'openid', neededText(way, answer, 'openid'))
}

/**
 * The unionid of an answer, if the merchant's applications are bound to one account of the open platform. Throws
 * WECHAT_FAILED when it does not look like one.
 */
export function unionidOf(way: WechatWay, answer: WechatAnswer): { readonly unionid?: string } {
  const { unionid = '' } = answer
  return unionid === '' || unionid === null ? {} : { unionid: checkId(way, 'unionid', unionid) }
}

/** What an answer lends under a name, for one second to a day. Throws WECHAT_FAILED when it lends nothing. */
export function lentOf(way: WechatWay, answer: WechatAnswer, name: string): LentToken {
  const seconds = toNumber(answer['expires_in'])
  if (seconds === undefined || seconds < 1 || seconds > longestLoan)
    throw wechatFailure(way, 'an answer without a good expires_in')
  return { value: neededText(way, answer, name), seconds }
}

function checkId(way: WechatWay, name: string, id: unknown): string {
  if (typeof id === 'string' && idPattern.test(id)) return id
  throw wechatFailure(way, `an answer without a good ${name}`)
}
