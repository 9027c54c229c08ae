import type { IncomingHttpHeaders } from 'node:http'
import { findCookie } from '../wire/cookies.js'
import type { Visitor } from './dialect.js'

/**
 * The visitor that the cookie `_UID` = `name::uid::?::token` names, and the page of the visit (passport.md §5). A part
 * that is missing is empty: that visitor is nobody.
 */
export function parseCookieVisitor(headers: IncomingHttpHeaders): Visitor {
  const value = findCookie(headers.cookie ?? '', '_UID') ?? ''
  const [, uid = '', , token = ''] = value.split('::')
  return { uid, token, refererHost: hostOf(headers.referer) }
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).host : undefined
}
