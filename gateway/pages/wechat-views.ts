import type { Request, Response } from 'express'
import { renderSVG } from 'uqr'
import { ticketStatus, type WechatTicketRow } from '../../db/wechat-sign-ins.js'
import type { GatewayError } from '../outcome/errors.js'
import { type ErrorName, isErrorName } from '../outcome/catalogue.js'
import { escapeHtml } from '../wire/html.js'
import { languageOf, sendPage } from './layout.js'
import { type WechatText, wechatTexts } from './wechat-texts.js'

/** How often (s) a browser that shows a code asks what became of it. */
const pollSeconds = 2

const errorTexts: Partial<Record<ErrorName, WechatText>> = {
  WECHAT_OFF: 'off',
  PARAM_ERROR: 'badReturn',
  USER_LOCKED: 'locked',
  WECHAT_USER_LOCKED: 'locked',
  WECHAT_STATE: 'late',
  REGISTRATION_OFF: 'noNewcomers',
  TOO_MANY_REQUESTS: 'tooMany',
}

/**
 * The QR code of a ticket, or that it was scanned and waits for the phone, and the way to another one: what scanned it
 * may have been no phone, but what shows a preview of links.
 */
export function showCode(
  request: Request,
  response: Response,
  row: WechatTicketRow,
  { link, again }: { readonly link: string; readonly again: string },
): void {
  const language = languageOf(request)
  const text = wechatTexts[language]
  const isWaiting = row.status === ticketStatus.waiting
  const code = `<div class="qr" role="img" aria-label="${text.qr}">${renderSVG(link, { ecc: 'M', border: 2 })}</div>`
  const hint = `<p>${text.scan} <span class="site">${siteOf(row.return_to)}</span></p>`
  const status = `<p role="status">${text[isWaiting ? 'waiting' : 'scanned']}</p>`
  const body = `${hint}\n${isWaiting ? code + status : `${status}\n${linkTo(again, text.again)}`}`
  sendPage(response, { language, title: text.title, body, refresh: pollSeconds })
}

/** The page that says a code can't be used any more, with the way to another one. */
export function showEnded(
  request: Request,
  response: Response,
  { isRefused, again }: { readonly isRefused: boolean; readonly again: string },
): void {
  const language = languageOf(request)
  const text = wechatTexts[language]
  const problem = `<p class="error" role="alert">${text[isRefused ? 'refused' : 'ended']}</p>`
  const body = `${problem}\n${linkTo(again, text.again)}`
  sendPage(response, { language, title: text.title, body, status: isRefused ? 200 : 400 })
}

/** The phone's page: it names the site, and agreeing needs a press of its button. */
export function showQuestion(
  request: Request,
  response: Response,
  { asked, returnTo }: { readonly asked: string; readonly returnTo: string },
): void {
  const language = languageOf(request)
  const text = wechatTexts[language]
  const body = `<p>${text.site} <span class="site">${siteOf(returnTo)}</span></p>
<p>${text.warning}</p>
<form method="post" action="agree"><input type="hidden" name="asked" value="${escapeHtml(asked)}">
<button name="answer" value="agree">${text.agree}</button>
<button name="answer" value="refuse" class="plain">${text.refuse}</button></form>`
  sendPage(response, { language, title: text.question, body })
}

/** A page of one sentence; with a status that is no success it is an error. */
export function showText(request: Request, response: Response, name: WechatText, status = 200): void {
  const language = languageOf(request)
  const text = wechatTexts[language]
  const role = status === 200 ? 'role="status"' : 'class="error" role="alert"'
  sendPage(response, { language, title: text.title, body: `<p ${role}>${text[name]}</p>`, status })
}

export function showError(request: Request, response: Response, error: GatewayError): void {
  const status = error.key === 'WECHAT_OFF' ? 404 : error.httpStatus('account')
  if (error.retryAfter !== undefined) response.set('Retry-After', String(error.retryAfter))
  showText(request, response, errorTexts[error.key] ?? 'failed', status === 200 ? 400 : status)
}

/** Why a browser comes back from WeChat without a session, by the name of the error. */
export function showFailure(request: Request, response: Response, name: string): void {
  showText(request, response, (isErrorName(name) ? errorTexts[name] : undefined) ?? 'notSignedIn', 400)
}

function linkTo(address: string, text: string): string {
  return `<p><a href="${escapeHtml(address)}">${text}</a></p>`
}

function siteOf(address: string): string {
  return escapeHtml(new URL(address).host)
}
