import { neededText, openidOf, unionidOf } from './answer-fields.js'
import { textOf, toNumber } from './fields.js'
import type { WechatProfile } from './wechat.js'
import { isError } from '../../outcome/errors.js'
import { type WechatAnswer, type WechatClient, wechatFailure } from './client.js'

/** Scopes in which somebody has agreed to be known by more than the openid. */
const tellingScopes = ['snsapi_userinfo', 'snsapi_login']

interface AuthorizePage {
  /** Where the page is, without a query. */
  readonly url: string
  readonly appId: string
  readonly redirectUri: string
  readonly scope: string
  readonly state: string
}

/** A page of WeChat's on which somebody agrees to sign in. WeChat wants the parameters in this order. */
export function authorizePage({ url, appId, redirectUri, scope, state }: AuthorizePage): string {
  const query = new URLSearchParams([
    ['appid', appId],
    ['redirect_uri', redirectUri],
    ['response_type', 'code'],
    ['scope', scope],
    ['state', state],
  ])
  return `${url}?${query.toString()}#wechat_redirect`
}

/** An application as WeChat's OAuth knows it. */
interface OauthAccount {
  readonly appId: string
  readonly secret: string
}

/** Trades an OAuth code for the openid alone (sns/oauth2/access_token). Throws WECHAT_FAILED. */
export async function readOpenid(client: WechatClient, account: OauthAccount, code: string): Promise<string> {
  const { openid } = await tradeCode(client, account, code)
  return openid
}

/**
 * Trades an OAuth code for who agreed (sns/oauth2/access_token, sns/userinfo). Who has agreed to no more is known by
 * the openid alone, with an empty nickname. The code is spent when WeChat fails to show the profile, so the openid that it
 * stood for is not thrown away: the profile is cut short. Throws WECHAT_FAILED.
 */
export async function readProfile(
  client: WechatClient,
  account: OauthAccount,
  code: string,
): Promise<WechatProfile> {
  const { way } = client
  const { openid, grant } = await tradeCode(client, account, code)
  const scopes = textOf(grant, 'scope').split(',')
  if (!scopes.some((scope) => tellingScopes.includes(scope)))
    return { openid, ...unionidOf(way, grant), nickname: '', avatar: '' }
  const person = await showPerson(client, { access_token: neededText(way, grant, 'access_token'), openid })
  if (!person) return { openid, ...unionidOf(way, grant), nickname: '', avatar: '', isCutShort: true }
  if (openidOf(way, person) !== openid) throw wechatFailure(way, 'the profile of somebody else')
  const avatar = textOf(person, 'headimgurl')
  return {
    openid,
    ...unionidOf(way, grant),
    ...unionidOf(way, person),
    nickname: textOf(person, 'nickname'),
    avatar: /^https?:\/\//.test(avatar) ? avatar : '',
  }
}

/** Undefined when WeChat does not say, to a second question neither. */
async function showPerson(
  client: WechatClient,
  query: Readonly<Record<'access_token' | 'openid', string>>,
): Promise<WechatAnswer | undefined> {
  try {
    return await client.call({ path: '/sns/userinfo', query: { ...query, lang: 'zh_CN' } })
  } catch (error) {
    if (!isError(error, 'WECHAT_FAILED')) throw error
    return undefined
  }
}

async function tradeCode(
  client: WechatClient,
  { appId, secret }: OauthAccount,
  code: string,
): Promise<{ readonly openid: string; readonly grant: WechatAnswer }> {
  const { way } = client
  const grant = await client.call({
    path: '/sns/oauth2/access_token',
    query: { appid: appId, secret, code, grant_type: 'authorization_code' },
    spendsCode: true,
  })
  const openid = openidOf(way, grant)
  // Inside a snapshot of a page WeChat makes somebody up, who is nobody the next time.
  if (toNumber(grant['is_snapshotuser']) === 1) throw wechatFailure(way, 'a made-up user of a page snapshot')
  return { openid, grant }
}
