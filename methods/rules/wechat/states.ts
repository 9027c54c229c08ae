import { hash, randomBytes } from 'node:crypto'
import { insertWechatState, takeWechatState, type WechatStateRow } from '../../../db/wechat-sign-ins.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'

/** How long somebody may take to agree (ms). */
const lifetime = 600_000

/** Letters and digits, as WeChat promises to give nothing else back, and never what a front end makes up itself. */
const ourState = /^pgws[0-9a-f]{48}$/
const browserForm = /^[0-9a-f]{48}$/

/** Names the browser that a sign-in began in, for as long as the sign-in may take. */
export const browserCookie = 'wechat_browser'

/** What a sign-in by WeChat is begun with. */
export interface NewState {
  readonly appId: string
  /** The browser's cookie; absent where there is no page of ours to set one. */
  readonly browser?: string
  readonly returnTo?: string
  readonly ticketHash?: string
}

type StateServices = Pick<Services, 'db' | 'clock'>

/** Remembers that a sign-in is sent to WeChat; answers the `state` that it must come back with, once, within 10 minutes. */
export async function beginState({ db, clock }: StateServices, begun: NewState): Promise<string> {
  const { appId, browser, returnTo = '', ticketHash = '' } = begun
  const state = `pgws${randomBytes(24).toString('hex')}`
  await insertWechatState(db, {
    state_hash: digest(state),
    app_id: appId,
    browser_hash: browser === undefined ? '' : digest(browser),
    return_to: returnTo,
    ticket_hash: ticketHash,
    expires_at: clock.now() + lifetime,
  })
  return state
}

/**
 * What was remembered under a state; it is used up. Undefined for one that is unknown, too old, used, or of another
 * application or browser.
 */
export async function takeState(
  { db, clock }: StateServices,
  appId: string,
  state: string,
  browser?: string,
): Promise<WechatStateRow | undefined> {
  if (!isOurState(state)) return undefined
  const browser_hash = browser === undefined ? '' : digest(browser)
  return takeWechatState(db, { state_hash: digest(state), app_id: appId, browser_hash }, clock.now())
}

/** As `takeState`. Throws WECHAT_STATE instead of answering undefined. */
export async function requireState(
  services: StateServices,
  appId: string,
  state: string,
  browser?: string,
): Promise<WechatStateRow> {
  const row = await takeState(services, appId, state, browser)
  if (!row) throw new GatewayError('WECHAT_STATE')
  return row
}

/** Whether a state has the form of ours: a front end that builds WeChat's address itself sends its own. */
export function isOurState(state: string): boolean {
  return ourState.test(state)
}

/** The browser that a cookie names, and the header that has it named so for another ten minutes. */
export interface Browser {
  readonly browser: string
  /** Value of `Set-Cookie`. */
  readonly setCookie: string
}

/** Whether a cookie names a browser as we do. */
export function isBrowser(cookie: string | undefined): cookie is string {
  return cookie !== undefined && browserForm.test(cookie)
}

/** Goes on with the browser's cookie, so that two pages of it don't shut each other out, or gives it one. */
export function nameBrowser({ config }: Pick<Services, 'config'>, cookie: string | undefined): Browser {
  const browser = isBrowser(cookie) ? cookie : randomBytes(24).toString('hex')
  const secure = config.publicUrl.startsWith('https:') ? '; Secure' : ''
  const attributes = `Path=/; Max-Age=${lifetime / 1000}; HttpOnly; SameSite=Lax${secure}`
  return { browser, setCookie: `${browserCookie}=${browser}; ${attributes}` }
}

/** SHA-256 (hex): what is kept of a state, a ticket or a browser's cookie. */
export function digest(text: string): string {
  return hash('sha256', text)
}
