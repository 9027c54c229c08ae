import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  startVendorServer,
  type VendorReply,
  type VendorRequest,
  type VendorServer,
} from '../sms/vendor-server.js'
import { answerCall, isWechatEndpoint, type WechatEndpoint, wechatError, type WechatState } from './api.js'
import { wechatSettings, type WechatWay } from './accounts.js'
import { answerPage } from './pages.js'
import { createCodes, makePerson, type NewWechatPerson, type WechatPerson } from './people.js'
import { createAccessTokens } from './tokens.js'
import { encryptUserData, type WechatUserData } from './user-data.js'

export { wechatApps, type WechatWay } from './accounts.js'
export type { WechatPerson } from './people.js'

/** A stand-in for api.weixin.qq.com and open.weixin.qq.com, one server for both. */
export interface Wechat extends VendorServer {
  /** How long each answer is held back. */
  delayMs: number
  /** Whose WeChat looks at the pages that ask for agreement; nobody's at first. */
  person: WechatPerson | undefined
  /** The domain registered for leading back to, `host` or `host:port`; any at first. */
  returnHost: string | undefined
  /** The configuration of a gateway that uses the stand-in, for all three ways if it is not said for which. */
  settings(ways?: readonly WechatWay[]): Record<string, string>
  addPerson(person?: NewWechatPerson): WechatPerson
  /** What an application gets when a person agrees (or starts the mini program). */
  codeFor(person: WechatPerson, way: WechatWay, scope?: string): string
  /** What a mini program gets when a person presses its phone button. */
  phoneCodeFor(person: WechatPerson): string
  /** Agrees, as `person`, on the page of a link; gives the address it leads back to. Throws when WeChat shows a fault. */
  agree(link: string): Promise<URL>
  /** Data under the session key of the person's last login by the mini program. Throws when there was none. */
  userDataOf(person: WechatPerson, changes?: object): WechatUserData
  /** The key of the person's last login by the mini program, which nobody but its server learns. Throws as above. */
  sessionKeyOf(person: WechatPerson): string
  /** How often an endpoint was called while the server was well. */
  calls(endpoint: WechatEndpoint): number
  /** Answers the next calls of an endpoint with an error, one if it is not said how many. */
  refuse(endpoint: WechatEndpoint, errcode: number, times?: number): void
  /** Answers the next calls of an endpoint with a page in place of JSON; what was asked for is done, a code spent. */
  answerPage(endpoint: WechatEndpoint, html: string, times?: number): void
  /** Makes the access tokens an application has worthless at once. */
  forgetTokens(way: WechatWay): void
  /** What another server does that asks for a token in the old way, or has WeChat replace the stable one by force. */
  askElsewhere(way: WechatWay, how: 'token' | 'stable_token' | 'by force'): string
}

/** Starts the stand-in on a free loopback port; `now` is its clock, milliseconds since 1970. */
export async function startWechat(now: () => number = Date.now): Promise<Wechat> {
  const state: WechatState = {
    now,
    codes: createCodes(now),
    tokens: createAccessTokens(now),
    grants: new Map(),
    sessionKeys: new Map(),
  }
  const api = createApi(state)
  const server = await startVendorServer(async (request) => {
    if (wechat.delayMs > 0) await sleep(wechat.delayMs, undefined, { ref: false })
    const [path = ''] = request.target.split('?')
    if (isWechatEndpoint(path)) return api.answer(path, request)
    const { person, returnHost } = wechat
    const page = answerPage(request.target, { person, returnHost, codes: state.codes })
    return page ?? { status: 404, html: '<html>404 Not Found</html>' }
  })
  const { calls, refuse, answerPage: answerPageNext } = api
  const wechat: Wechat = Object.assign(server, {
    delayMs: 0,
    person: undefined,
    returnHost: undefined,
    settings: (ways = ['official', 'mini', 'web']) => wechatSettings(server.url, ways),
    addPerson: (person = {}) => makePerson(person),
    ...peopleOf(state),
    agree: agreeByHttp,
    calls,
    refuse,
    answerPage: answerPageNext,
    forgetTokens: (way) => state.tokens.forget(way),
    askElsewhere: (way, how) =>
      (how === 'token' ? state.tokens.fetch(way) : state.tokens.fetchStable(way, how === 'by force'))
        .access_token,
  } satisfies Omit<Wechat, keyof VendorServer>)
  return wechat
}

type Api = Pick<Wechat, 'calls' | 'refuse' | 'answerPage'> & {
  answer(endpoint: WechatEndpoint, request: VendorRequest): VendorReply
}

/** The API, which counts its calls and refuses those it is told to. */
function createApi(state: WechatState): Api {
  const counts = new Map<WechatEndpoint, number>()
  const refusals = new Map<WechatEndpoint, { readonly errcode: number; left: number }>()
  const pages = new Map<WechatEndpoint, { readonly html: string; left: number }>()
  return {
    answer(endpoint, request) {
      counts.set(endpoint, (counts.get(endpoint) ?? 0) + 1)
      const refusal = refusals.get(endpoint)
      const isRefused = refusal !== undefined && refusal.left-- > 0
      const json = isRefused ? wechatError(refusal.errcode) : answerCall(endpoint, request, state)
      const page = pages.get(endpoint)
      if (page !== undefined && page.left-- > 0) return { status: 200, html: page.html }
      // WeChat calls its JSON a text.
      return { status: 200, json, type: 'text/plain' }
    },
    calls: (endpoint) => counts.get(endpoint) ?? 0,
    refuse: (endpoint, errcode, times = 1) => void refusals.set(endpoint, { errcode, left: times }),
    answerPage: (endpoint, html, times = 1) => void pages.set(endpoint, { html, left: times }),
  }
}

/** What people's phones hand out. */
function peopleOf({
  codes,
  sessionKeys,
  now,
}: WechatState): Pick<Wechat, 'codeFor' | 'phoneCodeFor' | 'userDataOf' | 'sessionKeyOf'> {
  const sessionKeyOf = (person: WechatPerson): string => {
    const sessionKey = sessionKeys.get(person)
    if (sessionKey === undefined) throw new Error('this person has not logged in by the mini program')
    return sessionKey
  }
  return {
    sessionKeyOf,
    codeFor(person, way, scope) {
      // `wx.login` renews the key that the mini program's data is encrypted under.
      if (way === 'mini') sessionKeys.set(person, randomBytes(16).toString('base64'))
      return codes.give({ person, way, scope: scope ?? usualScope[way] })
    },
    phoneCodeFor: (person) => codes.give({ person, way: 'phone', scope: '' }),
    userDataOf: (person, changes = {}) =>
      encryptUserData(person, sessionKeyOf(person), { changes, now: now() }),
  }
}

const usualScope = { official: 'snsapi_userinfo', mini: '', web: 'snsapi_login' } as const

async function agreeByHttp(link: string): Promise<URL> {
  const page = await (await fetch(link)).text()
  if (!page.includes('id="agree"')) throw new Error(`WeChat shows: ${page.replace(/<[^>]*>/g, ' ')}`)
  const { origin, search } = new URL(link)
  const answer = await fetch(`${origin}/connect/agree${search}`, { redirect: 'manual' })
  return new URL(answer.headers.get('location') ?? '')
}
