import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { pcSite } from './pc-site.js'
import { readToken, signClaims } from './tokens.js'

/** What the stand-in was sent, as it came. */
interface ShopCall {
  readonly verb: string
  /** Path and query. */
  readonly target: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A stand-in for all of an old shop but its accounts: it checks tokens as account-beside.md §2.1 says. */
export interface RestOfShop {
  readonly port: number
  /** Without a slash at its end. */
  readonly url: string
  /** In the order they came. */
  readonly calls: readonly ShopCall[]
  stop(): Promise<void>
}

interface ShopParts {
  readonly keyText: string
  /** Whether the user's row is there; the state of the user is not looked at. */
  readonly hasUser: (userId: number) => Promise<boolean>
  /** Whether a path of `/manage/` is open to the user; to nobody if absent. */
  readonly mayManage?: (userId: number, path: string) => boolean
  readonly now?: () => number
}

const envelope = (status: number, code: number, msg: string, data: unknown = null) =>
  JSON.stringify({ status, code, msg, data })

export const shopAnswers = {
  expired: envelope(250, 401, '登录已过期'),
  broken: envelope(250, 401, '请退出重新登录'),
  signInAgain: envelope(250, 401, '请重新登录'),
  forbidden: envelope(250, 403, '没有访问权限'),
}

const refreshSeconds = 30 * 60

/**
 * Starts it on a free port. `/pc/` is the PC site. `/front/…` is open at the door; paths that end in `/own` need a user. An answer's data is
 * {server: "shop", path, user_id}.
 */
export async function startRestOfShop(parts: ShopParts): Promise<RestOfShop> {
  const calls: ShopCall[] = []
  const server = createServer((request, response) => {
    answer(request, response, parts, calls).catch(() => response.writeHead(500).end())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    calls,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  parts: ShopParts,
  calls: ShopCall[],
): Promise<void> {
  const { method: verb = '', url: target = '', headers } = request
  const body = await text(request)
  calls.push({ verb, target, headers, body })
  const send = (json: string) => {
    response.writeHead(200, { 'content-type': 'application/json;charset=UTF-8' }).end(json)
  }
  const path = target.split('?')[0] ?? ''
  if (path === '/pc/') {
    response.writeHead(200, { 'content-type': 'text/html;charset=UTF-8' }).end(pcSite)
    return
  }
  const token = findToken(headers, target, body)
  const caller = token === undefined ? undefined : await identify(token, parts)
  if (typeof caller === 'string') return send(caller)
  if (caller === undefined && path.startsWith('/manage/')) return void response.writeHead(403).end()
  if (caller === undefined && path.endsWith('/own')) return send(shopAnswers.signInAgain)
  if (caller && path.startsWith('/manage/') && parts.mayManage?.(caller.userId, path) !== true)
    return send(shopAnswers.forbidden)
  if (caller?.fresh !== undefined) response.setHeader('Authorization', caller.fresh)
  send(envelope(200, 0, '操作成功', { server: 'shop', path, user_id: caller?.userId ?? null }))
}

function findToken(headers: IncomingMessage['headers'], target: string, body: string): string | undefined {
  const header = headers.authorization ?? ''
  if (header.trim() !== '') {
    const token = (header.startsWith('Bearer') ? header.slice(6) : header).trim()
    return token === '' ? undefined : token
  }
  const query = new URLSearchParams(target.split('?')[1] ?? '')
  return (query.get('access_token') ?? new URLSearchParams(body).get('access_token')) || undefined
}

/** The user of a token, or the answer that refuses it. */
async function identify(
  token: string,
  { keyText, hasUser, now = Date.now }: ShopParts,
): Promise<{ userId: number; fresh: string | undefined } | string> {
  const reading = readToken(keyText, token, now())
  if (reading.state === 'expired') return shopAnswers.expired
  if (reading.state === 'broken' || !(await hasUser(reading.userId))) return shopAnswers.broken
  const { userId, sub, exp } = reading
  const iat = Math.floor(now() / 1000)
  const fresh = exp - iat < refreshSeconds ? signClaims(keyText, { sub, exp: iat + 86_400, iat }) : undefined
  return { userId, fresh }
}
