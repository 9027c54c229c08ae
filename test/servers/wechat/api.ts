import { randomBytes } from 'node:crypto'
import type { VendorRequest } from '../sms/vendor-server.js'
import { wayOfApp, wechatApps, type WechatWay } from './accounts.js'
import type { WechatCodes, WechatPerson } from './people.js'
import type { WechatAccessTokens } from './tokens.js'

/** What the API answers from: what was given out so far. */
export interface WechatState {
  readonly now: () => number
  readonly codes: WechatCodes
  readonly tokens: WechatAccessTokens
  /** Tokens that people gave by agreeing on a page. */
  readonly grants: Map<string, WechatOauthToken>
  /** The newest session key of each person's mini program. */
  readonly sessionKeys: Map<WechatPerson, string>
}

interface WechatOauthToken {
  readonly person: WechatPerson
  readonly way: WechatWay
  readonly scope: string
  readonly expiresAt: number
}

/** The calls of api.weixin.qq.com that a gateway makes. */
export type WechatEndpoint = keyof typeof endpoints

type Endpoint = (query: URLSearchParams, state: WechatState, body: string) => object | number

const endpoints = {
  '/sns/oauth2/access_token': tradeOauthCode,
  '/sns/userinfo': showPerson,
  '/sns/jscode2session': openMiniSession,
  '/cgi-bin/token': fetchAccessToken,
  '/cgi-bin/stable_token': fetchStableToken,
  '/cgi-bin/ticket/getticket': fetchTicket,
  '/wxa/business/getuserphonenumber': showPhone,
} as const satisfies Record<string, Endpoint>

const postedTo: readonly WechatEndpoint[] = ['/cgi-bin/stable_token', '/wxa/business/getuserphonenumber']

const texts: Readonly<Record<number, string>> = {
  [-1]: 'system error',
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40013: 'invalid appid',
  40029: 'invalid code',
  40125: 'invalid appsecret',
  40163: 'code been used',
  40097: 'invalid args',
  41001: 'access_token missing',
  41008: 'missing code',
  42001: 'access_token expired',
  42003: 'code expired',
  43002: 'require POST method',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  47001: 'data format error',
  48001: 'api unauthorized',
}

export function isWechatEndpoint(path: string): path is WechatEndpoint {
  return Object.hasOwn(endpoints, path)
}

/** The JSON that an endpoint answers a call with. */
export function answerCall(endpoint: WechatEndpoint, request: VendorRequest, state: WechatState): object {
  if (postedTo.includes(endpoint) && request.method !== 'POST') return wechatError(43002)
  const query = new URLSearchParams(request.target.split('?')[1])
  const answer = endpoints[endpoint](query, state, request.body)
  return typeof answer === 'number' ? wechatError(answer) : answer
}

/** What WeChat says instead of an answer; HTTP calls it a success. */
export function wechatError(errcode: number): object {
  return { errcode, errmsg: `${texts[errcode] ?? 'error'}, rid: 65a1b2c3-0d0e0f00-7c8d9e0f` }
}

/** The error of a call that does not come from the application it says. */
function faultOfApp(
  query: URLSearchParams,
  ways: readonly WechatWay[],
  grantType: string,
): number | undefined {
  const way = wayOfApp(query.get('appid'))
  if (way === undefined || !ways.includes(way)) return 40013
  if (query.get('secret') !== wechatApps[way].secret) return 40125
  return query.get('grant_type') === grantType ? undefined : 40002
}

function tradeOauthCode(query: URLSearchParams, { now, codes, grants }: WechatState): object | number {
  const fault = faultOfApp(query, ['official', 'web'], 'authorization_code')
  if (fault !== undefined) return fault
  const way = wayOfApp(query.get('appid')) ?? 'official'
  const grant = codes.take(query.get('code'), way)
  if (typeof grant === 'number') return grant
  const { person, scope } = grant
  const access_token = randomBytes(48).toString('base64url')
  grants.set(access_token, { person, way, scope, expiresAt: now() + 7_200_000 })
  return {
    access_token,
    expires_in: 7200,
    refresh_token: randomBytes(48).toString('base64url'),
    openid: person.openid[way],
    scope,
    ...unionidOf(person, scope),
  }
}

/** Only who agreed to be known is told of beyond the openid. */
function unionidOf({ unionid }: WechatPerson, scope: string): object {
  return unionid === undefined || scope === 'snsapi_base' ? {} : { unionid }
}

function showPerson(query: URLSearchParams, { now, grants }: WechatState): object | number {
  const token = query.get('access_token')
  if (token === null) return 41001
  const grant = grants.get(token)
  if (grant === undefined) return 40001
  if (now() >= grant.expiresAt) return 42001
  const { person, way, scope } = grant
  if (query.get('openid') !== person.openid[way]) return 40003
  if (scope === 'snsapi_base') return 48001
  return {
    openid: person.openid[way],
    nickname: person.nickname,
    sex: 0,
    language: '',
    city: '',
    province: '',
    country: '',
    headimgurl: person.avatar,
    privilege: [],
    ...unionidOf(person, scope),
  }
}

function openMiniSession(query: URLSearchParams, { codes, sessionKeys }: WechatState): object | number {
  const fault = faultOfApp(query, ['mini'], 'authorization_code')
  if (fault !== undefined) return fault
  const grant = codes.take(query.get('js_code'), 'mini')
  if (typeof grant === 'number') return grant
  const session_key = sessionKeys.get(grant.person)
  return { session_key, openid: grant.person.openid.mini, ...unionidOf(grant.person, grant.scope) }
}

function fetchAccessToken(query: URLSearchParams, { tokens }: WechatState): object | number {
  const fault = faultOfApp(query, ['official', 'mini'], 'client_credential')
  if (fault !== undefined) return fault
  return tokens.fetch(wayOfApp(query.get('appid')) ?? 'official')
}

function fetchStableToken(_query: URLSearchParams, { tokens }: WechatState, body: string): object | number {
  const { force_refresh = false, ...fields } = readBody(body) ?? {}
  if (typeof force_refresh !== 'boolean') return 47001
  const asked = new URLSearchParams(
    Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]),
  )
  const fault = faultOfApp(asked, ['official', 'mini'], 'client_credential')
  if (fault !== undefined) return fault
  return tokens.fetchStable(wayOfApp(asked.get('appid')) ?? 'official', force_refresh)
}

function fetchTicket(query: URLSearchParams, { tokens }: WechatState): object | number {
  const fault = tokens.fault(query.get('access_token'), 'official')
  if (fault !== undefined) return fault
  if (query.get('type') !== 'jsapi') return 40097
  return { errcode: 0, errmsg: 'ok', ...tokens.ticket() }
}

function showPhone(
  query: URLSearchParams,
  { now, tokens, codes }: WechatState,
  body: string,
): object | number {
  const fault = tokens.fault(query.get('access_token'), 'mini')
  if (fault !== undefined) return fault
  const code = readCode(body)
  if (code === undefined) return 47001
  const grant = codes.take(code, 'phone')
  if (typeof grant === 'number') return grant
  const { area, number } = grant.person.phone
  return {
    errcode: 0,
    errmsg: 'ok',
    phone_info: {
      // Numbers of the mainland come without their area.
      phoneNumber: area === '86' ? number : `+${area}${number}`,
      purePhoneNumber: number,
      countryCode: area,
      watermark: { timestamp: Math.floor(now() / 1000), appid: wechatApps.mini.appId },
    },
  }
}

function readCode(body: string): string | undefined {
  const code = readBody(body)?.['code']
  return typeof code === 'string' ? code : undefined
}

function readBody(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return { ...(JSON.parse(body) as object) }
  } catch {
    return undefined
  }
}
