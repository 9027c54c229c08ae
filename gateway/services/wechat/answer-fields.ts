import { type WechatAnswer, wechatFailure, type WechatWay } from './wechat-client.js'

/** The text that an answer must have under a name. Throws WECHAT_FAILED when it has none. */
export function textOf(way: WechatWay, answer: WechatAnswer, name: string): string {
  const value = answer[name]
  if (typeof value === 'string' && value !== '') return value
  throw wechatFailure(way, `an answer without ${name}`)
}

/** The text that an answer may have; empty when it has none. */
export function optionalTextOf(answer: WechatAnswer, name: string): string {
  const value = answer[name]
  return typeof value === 'string' ? value : ''
}

/** The unionid of an answer, if the merchant's applications are bound to one account of the open platform. */
export function unionidOf(answer: WechatAnswer): { readonly unionid?: string } {
  const unionid = optionalTextOf(answer, 'unionid')
  return unionid === '' ? {} : { unionid }
}

/** The number, not below 0, that an answer must have under a name. Throws WECHAT_FAILED when it has none. */
export function numberOf(way: WechatWay, answer: WechatAnswer, name: string): number {
  const value = answer[name]
  if (typeof value === 'number' && value >= 0) return value
  throw wechatFailure(way, `an answer without ${name}`)
}
