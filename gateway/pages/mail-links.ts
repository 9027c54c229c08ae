import { randomUUID } from 'node:crypto'
import { type Request, type Response, Router } from 'express'
import { escapeHtml } from '../wire/html.js'
import { createClientAddress } from '../http/client-address.js'
import { GatewayError, isError } from '../outcome/errors.js'
import type { Dispatch } from '../dialects/dialect.js'
import { createGuard } from '../http/guard.js'
import type { MethodName } from '../contract/method.js'
import type { Services } from '../services/services.js'
import { parseQueryString, type RawParameters } from '../wire/query-string.js'
import { readBody } from '../wire/request-body.js'
import type { ClientApp } from '../services/apps/apps.js'
import { usualGuards } from '../services/apps/guards.js'
import { type Language, languageOf, sendPage } from './layout.js'

const texts = {
  zh: {
    verify: '验证邮箱',
    verifyHint: '点击下面的按钮，验证您的邮箱。',
    verified: '您的邮箱已验证。',
    reset: '重设密码',
    newPassword: '新密码（6到64个字符）',
    resetDone: '您的密码已重设，请用新密码登录。',
    badLink: '链接无效或已过期，请重新获取邮件。',
    badPassword: '密码不合法：请使用6到64个字符，不要使用常见密码。',
    failed: '服务繁忙，请稍后再试。',
  },
  en: {
    verify: 'Verify your e-mail address',
    verifyHint: 'Press the button to verify your e-mail address.',
    verified: 'Your e-mail address is verified.',
    reset: 'Reset your password',
    newPassword: 'New password (6 to 64 characters)',
    resetDone: 'Your password was reset. Sign in with the new one.',
    badLink: 'This link is not valid or too old. Ask for a new mail.',
    badPassword: 'This password is not allowed: use 6 to 64 characters, and none of the most common ones.',
    failed: 'Something went wrong. Try again later.',
  },
} as const

type TextName = keyof (typeof texts)['zh']

/** The pages are part of the server: they call methods without a signature, under the strict password rule. */
const hostedPages: ClientApp = {
  name: 'hosted-pages',
  scheme: 'hmac-sha256',
  trust: 'server',
  enabled: true,
  secrets: [],
  grants: [],
  addresses: [],
  recut: 'refuse',
  queryCredentials: 'accept',
  guards: usualGuards,
  isGranted: () => true,
  isAllowedFrom: () => true,
}

/**
 * The pages that mailed links open. Opening changes nothing, as mail scanners open links too; the change needs a
 * click. They work without script.
 */
export function createMailLinkPages(dispatch: Dispatch, services: Services): Router {
  const clientAddress = createClientAddress(services.config.trustProxy)
  const call = async (request: Request, method: MethodName, params: RawParameters) => {
    // The browser's headers stay out: its cookies and its session are none of the method's.
    const head = {
      verb: request.method,
      path: request.path,
      headers: {},
      ip: clientAddress(request),
      requestId: randomUUID(),
      isLocal: false,
    }
    return dispatch({ head, method, params, token: undefined, app: hostedPages })
  }
  const open = (title: TextName, show: typeof showVerify) => async (request: Request, response: Response) => {
    const code = parseQueryString(request.url.split('?')[1] ?? '')['code'] ?? ''
    const outcome = await call(request, 'web.passport.checkCodeValid', { code })
    if (outcome.ok) show(response, languageOf(request), code)
    else showError(request, response, title, outcome.error)
  }
  const guard = createGuard(services)
  const router = Router()
  router.use(['/verify-email', '/reset-password'], async (request, response, next) => {
    try {
      guard(clientAddress(request))
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      return showError(request, response, 'verify', error)
    }
    next()
  })
  router.get('/verify-email', open('verify', showVerify))
  router.get('/reset-password', open('reset', showReset))
  router.post('/verify-email', async (request, response) => {
    const { code = '' } = await readForm(request)
    const outcome = await call(request, 'web.passport.changeEmail', { code })
    if (outcome.ok) showDone(request, response, 'verify', 'verified')
    else showError(request, response, 'verify', outcome.error)
  })
  router.post('/reset-password', async (request, response) => {
    const { code = '', newPwd = '' } = await readForm(request)
    const outcome = await call(request, 'app.register.resetPwdByCode', { code, newPwd })
    if (outcome.ok) showDone(request, response, 'reset', 'resetDone')
    else if (isError(outcome.error, 'PASSWORD_INVALID', 'PASSWORD_CHARACTERS'))
      showReset(response, languageOf(request), code, 'badPassword')
    else showError(request, response, 'reset', outcome.error)
  })
  return router
}

async function readForm(request: Request): Promise<RawParameters> {
  const params = parseQueryString('')
  await readBody(request, params).catch((error: unknown) => {
    if (!(error instanceof GatewayError)) throw error
  })
  return params
}

function showVerify(response: Response, language: Language, code: string): void {
  const text = texts[language]
  const body = `<p>${text.verifyHint}</p>${form('verify-email', code, '', text.verify)}`
  sendPage(response, { language, title: text.verify, body })
}

function showReset(response: Response, language: Language, code: string, problem?: TextName): void {
  const text = texts[language]
  const field = `<label for="newPwd">${text.newPassword}</label>
<input id="newPwd" name="newPwd" type="password" minlength="6" maxlength="64" autocomplete="new-password" required autofocus>`
  const error = problem ? `<p class="error" role="alert">${text[problem]}</p>` : ''
  const body = error + form('reset-password', code, field, text.reset)
  sendPage(response, { language, title: text.reset, body, status: problem ? 422 : 200 })
}

function form(action: string, code: string, fields: string, button: string): string {
  return `<form method="post" action="${action}">
<input type="hidden" name="code" value="${escapeHtml(code)}">
${fields}<button type="submit">${button}</button></form>`
}

function showDone(request: Request, response: Response, title: TextName, text: TextName): void {
  const language = languageOf(request)
  sendPage(response, {
    language,
    title: texts[language][title],
    body: `<p role="status">${texts[language][text]}</p>`,
  })
}

function showError(request: Request, response: Response, title: TextName, error: GatewayError): void {
  const language = languageOf(request)
  const text = texts[language][error.key === 'CODE_IS_INVALID' ? 'badLink' : 'failed']
  const status = error.httpStatus('passport') === 200 ? 400 : error.httpStatus('passport')
  const body = `<p class="error" role="alert">${text}</p>`
  sendPage(response, { language, title: texts[language][title], body, status })
}
