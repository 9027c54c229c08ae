import { defined } from '../gateway/wire/defined-fields.js'
import type { Environment, VariableName } from './schema.js'

/** An application of the merchant's at WeChat. */
export interface WechatAccount {
  readonly appId: string
  readonly secret: string
}

/** The official account. */
export interface WechatOfficialAccount extends WechatAccount {
  /**
   * The message callback, newest first; absent, messages are refused. `aesKeys`: each 43 characters of base64, for safe
   * mode; none for plain mode.
   */
  readonly messages?: { readonly tokens: readonly string[]; readonly aesKeys: readonly string[] }
}

/** The PC site; `returnUrl` is where it is, without a slash at its end. */
export interface WechatWebAccount extends WechatAccount {
  readonly returnUrl: string
}

/** What is configured of WeChat; an absent way is off. */
export interface WechatConfig {
  /** Without a slash at its end, as is `openUrl`. */
  readonly apiUrl: string
  readonly openUrl: string
  readonly official?: WechatOfficialAccount
  readonly mini?: WechatAccount
  readonly web?: WechatWebAccount
  /** Where messages and events are posted to. */
  readonly events?: { readonly url: string; readonly secret: string }
}

/** Which variable makes no sense without which other. */
export const wechatNeeds = [
  { name: 'WECHAT_MP_APP_ID', needs: 'WECHAT_MP_SECRET' },
  { name: 'WECHAT_MP_SECRET', needs: 'WECHAT_MP_APP_ID' },
  { name: 'WECHAT_MP_TOKEN', needs: 'WECHAT_MP_APP_ID' },
  { name: 'WECHAT_MP_AES_KEY', needs: 'WECHAT_MP_TOKEN' },
  { name: 'WECHAT_MINI_APP_ID', needs: 'WECHAT_MINI_SECRET' },
  { name: 'WECHAT_MINI_SECRET', needs: 'WECHAT_MINI_APP_ID' },
  { name: 'WECHAT_WEB_APP_ID', needs: 'WECHAT_WEB_SECRET' },
  { name: 'WECHAT_WEB_SECRET', needs: 'WECHAT_WEB_APP_ID' },
  { name: 'WECHAT_WEB_APP_ID', needs: 'WECHAT_WEB_RETURN' },
  { name: 'WECHAT_WEB_RETURN', needs: 'WECHAT_WEB_APP_ID' },
  { name: 'WECHAT_EVENT_URL', needs: 'WECHAT_EVENT_SECRET' },
  { name: 'WECHAT_EVENT_SECRET', needs: 'WECHAT_EVENT_URL' },
  { name: 'WECHAT_EVENT_URL', needs: 'WECHAT_MP_TOKEN' },
] as const satisfies readonly { readonly name: VariableName; readonly needs: VariableName }[]

/** What the environment says of WeChat. That what belongs together is there as a whole was checked on reading. */
export function wechatOf(e: Environment): WechatConfig {
  const official = accountOf(e.WECHAT_MP_APP_ID, e.WECHAT_MP_SECRET)
  const mini = accountOf(e.WECHAT_MINI_APP_ID, e.WECHAT_MINI_SECRET)
  const web = accountOf(e.WECHAT_WEB_APP_ID, e.WECHAT_WEB_SECRET)
  const { WECHAT_WEB_RETURN: returnUrl = '', WECHAT_EVENT_URL: url, WECHAT_EVENT_SECRET: secret = '' } = e
  return {
    apiUrl: withoutSlash(e.WECHAT_API_URL),
    openUrl: withoutSlash(e.WECHAT_OPEN_URL),
    ...(official && { official: { ...official, ...messagesOf(e) } }),
    ...(mini && { mini }),
    ...(web && { web: { ...web, returnUrl: withoutSlash(returnUrl) } }),
    ...(url !== undefined && { events: { url, secret } }),
  }
}

function accountOf(appId: string | undefined, secret = ''): WechatAccount | undefined {
  return appId === undefined ? undefined : { appId, secret }
}

function messagesOf({
  WECHAT_MP_TOKEN: tokens,
  WECHAT_MP_AES_KEY: aesKeys = [],
}: Environment): Pick<WechatOfficialAccount, 'messages'> {
  return defined({ messages: tokens && { tokens, aesKeys } })
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
