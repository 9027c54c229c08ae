import { headerOf, headersOf } from './exchange.js'
import { type Replace, rewriteQuery } from './rewrite.js'
import { splitOnce } from './split-once.js'

const plainRequestHeaders = ['content-type', 'accept', 'accept-language', 'user-agent', 'x-requested-with']
const plainAnswerHeaders = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'x-content-type-options',
  'x-yoho-malicode',
  'retry-after',
  'allow',
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-expose-headers',
]

/** The headers of a call that matter to a server of ours, by lower-case name. */
export function requestHeaders(headers: readonly string[], replace: Replace): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of plainRequestHeaders) {
    const value = headerOf(headers, name)
    if (value !== undefined) kept[name] = value
  }
  const token = headerOf(headers, 'authorization')
  if (token) kept['authorization'] = replaceBearer(token, replace)
  const cookies = headerOf(headers, 'cookie')
  if (cookies) kept['cookie'] = replaceCookies(cookies, replace)
  return kept
}

/** The word Bearer is no part of a token (account.md §2). */
function replaceBearer(text: string, replace: Replace): string {
  const [, word = '', token = ''] = /^(bearer\s+)?(.*)$/is.exec(text) ?? []
  return word + replace('authorization', token)
}

function replaceCookies(text: string, replace: Replace): string {
  return text
    .split(/;\s*/)
    .map((cookie) => {
      const [name, value = ''] = splitOnce(cookie, '=')
      return `${name}=${replace('token', value)}`
    })
    .join('; ')
}

/** The headers of an answer that clients read, by lower-case name. */
export function answerHeaders(headers: readonly string[], replace: Replace): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of plainAnswerHeaders) {
    const values = headersOf(headers, name)
    if (values.length > 0) kept[name] = values.join(', ')
  }
  const location = headerOf(headers, 'location')
  if (location !== undefined) {
    const [address, query] = splitOnce(location, '?')
    kept['location'] = query === undefined ? address : `${address}?${rewriteQuery(query, replace)}`
  }
  const token = headerOf(headers, 'authorization')
  if (token) kept['authorization'] = replace('authorization', token)
  const cookies = headersOf(headers, 'set-cookie').map((cookie) => splitOnce(cookie, '=')[0] ?? '')
  if (cookies.length > 0) kept['set-cookie'] = cookies.sort().join(', ')
  return kept
}
