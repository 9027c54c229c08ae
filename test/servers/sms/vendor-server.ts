import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { freePort } from '../processes/process.js'

/** What a vendor is sent, as it came. */
export interface VendorRequest {
  readonly method: string
  /** Path and query, still encoded. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface VendorReply {
  readonly status: number
  readonly json?: unknown
  /** A page, sent in place of `json`. */
  readonly html?: string
  /** What the answer says it is, where that is not what it is. */
  readonly type?: string
  /** Where it sends the caller on to. */
  readonly location?: string
}

/** How the vendor is today: it answers, never answers, hangs up, or its proxy answers in its place. */
type Mood = 'well' | 'silent' | 'hangs up' | 'bad gateway'

/** A web server standing in for a vendor's API. */
export interface VendorServer {
  /** Without a slash at its end. */
  readonly url: string
  mood: Mood
  /** How many requests came in, whatever became of them. */
  readonly requests: number
  /** Closes the port and every connection. */
  stop(): Promise<void>
}

/** Starts a server on a free loopback port that answers by `reply` while it is well. */
export async function startVendorServer(
  reply: (request: VendorRequest) => VendorReply | Promise<VendorReply>,
): Promise<VendorServer> {
  const port = await freePort()
  let requests = 0
  const vendor = {
    url: `http://127.0.0.1:${port}`,
    mood: 'well' as Mood,
    get requests() {
      return requests
    },
    async stop() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
  const server = createServer((request, response) => {
    requests += 1
    answer(vendor.mood, request, response, reply).catch(() => response.destroy())
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return vendor
}

async function answer(
  mood: Mood,
  request: IncomingMessage,
  response: ServerResponse,
  reply: (request: VendorRequest) => VendorReply | Promise<VendorReply>,
): Promise<void> {
  const { method = '', url: target = '', headers } = request
  const body = await text(request)
  if (mood === 'silent') return
  if (mood === 'hangs up') {
    response.destroy()
    return
  }
  if (mood === 'bad gateway') {
    response.writeHead(502, { 'content-type': 'text/html' }).end('<html>502 Bad Gateway</html>')
    return
  }
  const { status, json, html, type, location } = await reply({ method, target, headers, body })
  const elsewhere = location === undefined ? {} : { location }
  const usualType = html === undefined ? 'application/json;charset=utf-8' : 'text/html;charset=utf-8'
  response.writeHead(status, { 'content-type': type ?? usualType, ...elsewhere })
  response.end(html ?? JSON.stringify(json))
}
