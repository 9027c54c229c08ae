import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import type { RawAnswer } from '../../../schemas/contract-document.js'
import type { SignInAnswer } from '../accounts/sign-ins.js'

type ConfiguredServices = Pick<Services, 'config'>

/** What is kept of an address to return to: the column has no more room. */
export const longestReturn = 255

/** Where WeChat sends a browser back to. */
export function callbackAddress({ config }: ConfiguredServices, method: 'callbackMp' | 'callbackPc'): string {
  return `${config.publicUrl}/front/account/wechat/${method}`
}

/** The hosted page that says that signing in is done, where there is no page to return to. */
export function signedInPage({ config }: ConfiguredServices): string {
  return `${config.publicUrl}/login/wechat/done`
}

/**
 * Where the browser goes with its new session. The token stands in the fragment, which no server is sent; a page that
 * keeps a route of its own there gets it as the route's query.
 */
export function returnWithSession(returnTo: string, { token, user_id }: SignInAnswer): string {
  const fields = `token=${encodeURIComponent(token)}&user_id=${user_id}`
  const split = returnTo.indexOf('#')
  if (split < 0) return `${returnTo}#${fields}`
  const route = returnTo.slice(split + 1)
  if (route === '') return returnTo + fields
  return `${returnTo}${route.includes('?') ? '&' : '?'}${fields}`
}

/**
 * Leads a browser that the hosted page sent to WeChat on to the address that `findNext` answers, or, where that throws,
 * to a page that says why not.
 */
export async function leadOn(
  { config }: ConfiguredServices,
  findNext: () => Promise<string>,
): Promise<RawAnswer> {
  try {
    return redirectTo(await findNext())
  } catch (error) {
    if (!(error instanceof GatewayError) || error.cause !== undefined) throw error
    return redirectTo(`${config.publicUrl}/login/wechat/failed?error=${error.key}`)
  }
}

/** Sends a browser on. Addresses may hold a token or a state: they are neither kept nor passed on. */
export function redirectTo(address: string): RawAnswer {
  const headers = ['Location', address, 'Cache-Control', 'no-store', 'Referrer-Policy', 'no-referrer']
  return { status: 302, headers, body: '' }
}
