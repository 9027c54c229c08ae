import { type Request, type Response, Router } from 'express'
import {
  callbackAddress,
  longestReturn,
  returnWithSession,
  signedInPage,
} from '../../methods/rules/wechat/returns.js'
import { ticketStatus, type WechatTicketRow } from '../../db/wechat-sign-ins.js'
import { checkCallback } from '../../methods/rules/mail/links.js'
import { beginState, browserCookie, nameBrowser } from '../../methods/rules/wechat/states.js'
import { answerQuestion, readQuestion } from '../../methods/rules/wechat/ticket-agreements.js'
import { findOwnTicket, openTicket, redeemTicket } from '../../methods/rules/wechat/tickets.js'
import { createClientAddress } from '../http/client-address.js'
import { findCookie } from '../wire/cookies.js'
import { asGatewayError } from '../outcome/failures.js'
import { GatewayError } from '../outcome/errors.js'
import { createGuard } from '../http/guard.js'
import type { Services } from '../services/services.js'
import { parseQueryString, type RawParameters } from '../wire/query-string.js'
import { readBody } from '../wire/request-body.js'
import { limitKey } from '../services/limits/limit-key.js'
import { showCode, showEnded, showError, showFailure, showQuestion, showText } from './wechat-views.js'

type Handle = (request: Request, response: Response, ip: string) => Promise<void>

const root = '/login/wechat'
/** Sign-ins begun from one address: each leaves a row behind. */
const beginLimit = { name: 'page.login.wechat', by: 'ip', points: 60, seconds: 60 } as const

/**
 * `/login/wechat`: signing in with WeChat for sites without a page of their own. A desktop shows a QR code for a phone
 * to scan and agree to, WeChat's own browser goes to WeChat at once; `?return=` is where the browser goes then, on a
 * host of CALLBACK_HOSTS, with `#token=…&user_id=…`. The pages work without script.
 */
export function createWechatLoginPages(services: Services): Router {
  const clientAddress = createClientAddress(services.config.trustProxy)
  const guard = createGuard(services)
  const page = (handle: Handle) => async (request: Request, response: Response) => {
    const ip = clientAddress(request)
    try {
      guard(ip)
      await handle(request, response, ip)
    } catch (error) {
      const gatewayError = asGatewayError(error)
      if (gatewayError.cause !== undefined) services.log.error({ ip, error }, 'a page failed')
      showError(request, response, gatewayError)
    }
  }
  const router = Router()
  router.get(root, page(beginWith(services)))
  router.get(`${root}/wait`, page(waitWith(services)))
  router.get(`${root}/agree`, page(askWith(services)))
  router.post(`${root}/agree`, page(answerWith(services)))
  router.get(
    `${root}/done`,
    page(async (request, response) => showText(request, response, 'done')),
  )
  router.get(
    `${root}/failed`,
    page(async (request, response) => showFailure(request, response, queryOf(request)['error'] ?? '')),
  )
  return router
}

function beginWith(services: Services): Handle {
  const { wechat, limiter } = services
  return async (request, response, ip) => {
    const returnTo = readReturn(queryOf(request)['return'], services)
    const way = wechat.official ?? wechat.web
    if (!way) throw new GatewayError('WECHAT_OFF')
    const retryAfter = limiter.exceeded(beginLimit, limitKey(ip))
    if (retryAfter !== undefined) throw new GatewayError('TOO_MANY_REQUESTS', { retryAfter })
    const { browser, setCookie } = nameBrowser(services, browserOf(request))
    response.set('Set-Cookie', setCookie)
    const isInWechat = /\bMicroMessenger\//.test(request.headers['user-agent'] ?? '')
    if (wechat.official && !isInWechat) {
      const ticket = await openTicket(services, { browser, returnTo })
      return goTo(response, `${request.baseUrl}${root}/wait?ticket=${ticket}`)
    }
    const state = await beginState(services, { appId: way.appId, browser, returnTo })
    if (wechat.official)
      goTo(
        response,
        wechat.official.authorizeUrl({ redirectUri: callbackAddress(services, 'callbackMp'), state }),
      )
    else if (wechat.web)
      goTo(response, wechat.web.qrConnectUrl({ redirectUri: callbackAddress(services, 'callbackPc'), state }))
  }
}

/** Where to return to; our own page for who says nothing. Throws PARAM_ERROR for a place that is not allowed. */
function readReturn(given: string | undefined, services: Services): string {
  const { config } = services
  checkCallback(services, given)
  const returnTo = given ? new URL(given).href : signedInPage(services)
  // It is given a session's token, which no one on the way may read.
  if (config.publicUrl.startsWith('https:') && !returnTo.startsWith('https:'))
    throw new GatewayError('PARAM_ERROR', { detail: 'return: an https page, as PUBLIC_URL is' })
  if (returnTo.length > longestReturn)
    throw new GatewayError('PARAM_ERROR', { detail: `return: at most ${longestReturn} characters` })
  return returnTo
}

/** What the browser that shows a code asks every other second. */
function waitWith(services: Services): Handle {
  return async (request, response, ip) => {
    const { ticket = '' } = queryOf(request)
    const row = await findOwnTicket(services, ticket, browserOf(request))
    if (row?.status === ticketStatus.agreed && request.method === 'GET') {
      const call = { action: 'page.login.wechat', app: undefined, session: undefined, ip }
      const answer = await redeemTicket(services, row, call)
      if (answer) return goTo(response, returnWithSession(row.return_to, answer))
    }
    const again = againLink(services, request, row)
    if (row && row.status <= ticketStatus.agreed)
      showCode(request, response, row, { link: qrLink(services, ticket), again })
    else showEnded(request, response, { isRefused: wasRefused(row), again })
  }
}

function wasRefused(row: WechatTicketRow | undefined): boolean {
  return row?.status === ticketStatus.used && row.user_id === 0
}

function qrLink({ config }: Services, ticket: string): string {
  return `${config.publicUrl}/front/account/wechat/redirectToWxCode?ticket=${ticket}`
}

function againLink(services: Services, request: Request, row: WechatTicketRow | undefined): string {
  const isOurs = row === undefined || row.return_to === signedInPage(services)
  return `${request.baseUrl}${root}${isOurs ? '' : `?return=${encodeURIComponent(row.return_to)}`}`
}

function askWith(services: Services): Handle {
  return async (request, response) => {
    const { asked = '' } = queryOf(request)
    const question = await readQuestion(services, asked)
    if (question) showQuestion(request, response, { asked, returnTo: question.return_to })
    else showText(request, response, 'late', 400)
  }
}

function answerWith(services: Services): Handle {
  return async (request, response) => {
    const form = parseQueryString('')
    await readBody(request, form)
    const question = await readQuestion(services, form['asked'] ?? '')
    const agrees = form['answer'] === 'agree'
    if (question && (await answerQuestion(services, question, agrees)))
      showText(request, response, agrees ? 'agreed' : 'cancelled')
    else showText(request, response, 'late', 400)
  }
}

function queryOf(request: Request): RawParameters {
  return parseQueryString(request.url.split('?')[1] ?? '')
}

function browserOf(request: Request): string | undefined {
  return findCookie(request.headers.cookie ?? '', browserCookie)
}

/** Addresses may hold a token or a state. */
function goTo(response: Response, address: string): void {
  response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', Location: address })
  response.status(302).end()
}
