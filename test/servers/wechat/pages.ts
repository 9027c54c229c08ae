import { escapeHtml } from '../../../gateway/wire/html.js'
import type { VendorReply } from '../sms/vendor-server.js'
import { wayOfApp } from './accounts.js'
import type { WechatCodes, WechatPerson } from './people.js'

/** Who looks at the pages, and what they may lead back to. */
export interface WechatVisit {
  /** Whose WeChat is open; nobody's if absent. */
  readonly person: WechatPerson | undefined
  /** The registered domain that pages lead back to; any if absent. */
  readonly returnHost: string | undefined
  readonly codes: WechatCodes
}

const scopes: Readonly<Record<string, readonly string[]>> = {
  '/connect/oauth2/authorize': ['snsapi_base', 'snsapi_userinfo'],
  '/connect/qrconnect': ['snsapi_login'],
}
const paramOrder = ['appid', 'redirect_uri', 'response_type', 'scope', 'state']

/** The pages of open.weixin.qq.com: asking for agreement, and leading back with a code. */
export function answerPage(target: string, visit: WechatVisit): VendorReply | undefined {
  const [path = '', search = ''] = target.split('?')
  const query = new URLSearchParams(search)
  if (path === '/connect/agree') return agree(query, visit)
  if (scopes[path] === undefined) return undefined
  const fault = faultOfLink(path, query, visit)
  if (fault !== undefined) return page(`<p id="fault">${fault}</p>`)
  if (visit.person === undefined) return page('<p id="fault">请先登录微信</p>')
  const fields = paramOrder.map(
    (name) => `<input type="hidden" name="${name}" value="${escapeHtml(query.get(name) ?? '')}">`,
  )
  // Without its fragment WeChat does not take the link for one of its own.
  const guard =
    path === '/connect/qrconnect'
      ? ''
      : `<script>if (location.hash !== '#wechat_redirect') document.body.textContent = '请在微信客户端打开链接'</script>`
  const who = `<p>${escapeHtml(visit.person.nickname)}</p>`
  return page(
    `${who}<form action="/connect/agree">${fields.join('')}<button id="agree">同意</button></form>${guard}`,
  )
}

/** What WeChat says is wrong with a link to one of its pages. */
function faultOfLink(path: string, query: URLSearchParams, visit: WechatVisit): string | undefined {
  const wayWanted = path === '/connect/qrconnect' ? 'web' : 'official'
  if (wayOfApp(query.get('appid')) !== wayWanted) return 'AppID 参数错误'
  const back = query.get('redirect_uri') ?? ''
  if (!URL.canParse(back) || !/^https?:/.test(back)) return 'redirect_uri 参数错误'
  if (visit.returnHost !== undefined && new URL(back).host !== visit.returnHost)
    return 'redirect_uri 参数错误'
  if (query.get('response_type') !== 'code') return 'response_type 参数错误'
  if (!scopes[path]?.includes(query.get('scope') ?? '')) return 'Scope 参数错误或没有 Scope 权限'
  // Letters and digits, at most 128 bytes: nothing else is promised to come back.
  if (!/^[a-zA-Z0-9]{0,128}$/.test(query.get('state') ?? '')) return 'state 参数错误'
  const order = [...query.keys()].filter((name) => paramOrder.includes(name)).join()
  return path === '/connect/qrconnect' || paramOrder.join().startsWith(order) ? undefined : '链接参数顺序错误'
}

function agree(query: URLSearchParams, { person, codes }: WechatVisit): VendorReply {
  const way = wayOfApp(query.get('appid'))
  const back = query.get('redirect_uri') ?? ''
  if (person === undefined || way === undefined || !URL.canParse(back))
    return page('<p id="fault">请先登录微信</p>')
  const to = new URL(back)
  to.searchParams.append('code', codes.give({ person, way, scope: query.get('scope') ?? '' }))
  to.searchParams.append('state', query.get('state') ?? '')
  return { status: 302, html: '', location: to.href }
}

function page(body: string): VendorReply {
  const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>微信</title>'
  return {
    status: 200,
    html: `<!doctype html><html lang="zh"><head>${head}</head><body>${body}</body></html>`,
  }
}
