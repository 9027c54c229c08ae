import { GatewayError } from '../../outcome/errors.js'
import type { MiniProgram, OfficialAccount, WebLogin, Wechat } from './wechat.js'

/** The official account. Throws WECHAT_OFF when it is not configured. */
export function officialOf({ official }: Wechat): OfficialAccount {
  return official ?? refuse('公众号功能未启用')
}

/** The mini program. Throws WECHAT_OFF when it is not configured. */
export function miniOf({ mini }: Wechat): MiniProgram {
  return mini ?? refuse('小程序功能未启用')
}

/** The scan login of the PC site. Throws WECHAT_OFF when it is not configured. */
export function webOf({ web }: Wechat): WebLogin {
  return web ?? refuse('微信扫码登录功能未启用')
}

function refuse(detail: string): never {
  throw new GatewayError('WECHAT_OFF', { detail })
}
