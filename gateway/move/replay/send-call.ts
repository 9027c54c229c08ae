import { Agent, request } from 'node:http'
import { Agent as SecureAgent, request as requestSecurely } from 'node:https'
import type { Exchange } from '../traffic/exchange.js'
import type { PreparedCall } from './prepare-call.js'

/** A call, whose body may be of any kind. */
export type SentBody = Omit<PreparedCall, 'body'> & { readonly body: string | Buffer | undefined }

/** An answer, and the milliseconds it took. */
export interface SentCall {
  readonly answer: Exchange['answer']
  readonly took: number
}

/** Sends calls to one server. */
export interface Sender {
  /** Rejects where no answer comes. */
  send(call: SentBody): Promise<SentCall>
  close(): void
}

/** Bytes of an answer that are read; what is longer is cut off there. */
const mostBytes = 1024 * 1024

/** Opens so many connections at most. `patience` is in milliseconds. */
export function createSender(against: URL, places: number, patience = 15_000): Sender {
  const isSecure = against.protocol === 'https:'
  const agent = new (isSecure ? SecureAgent : Agent)({ keepAlive: true, maxSockets: places })
  const base = against.pathname.replace(/\/+$/, '')
  const open = isSecure ? requestSecurely : request
  const send = (call: SentBody) =>
    new Promise<SentCall>((resolve, reject) => {
      const began = performance.now()
      const body = call.body === undefined ? undefined : Buffer.from(call.body)
      const headers = { ...call.headers, ...(body && { 'content-length': String(body.length) }) }
      const asked = open(
        {
          protocol: against.protocol,
          hostname: against.hostname.replace(/^\[(.*)\]$/, '$1'),
          port: against.port,
          method: call.verb,
          path: base + call.url,
          headers,
          agent,
        },
        (response) => {
          const chunks: Buffer[] = []
          let length = 0
          const finish = () =>
            resolve({
              answer: {
                status: response.statusCode ?? 0,
                headers: response.rawHeaders,
                body: Buffer.concat(chunks),
              },
              took: performance.now() - began,
            })
          response.on('data', (bytes: Buffer) => {
            length += bytes.length
            chunks.push(bytes)
            if (length <= mostBytes) return
            finish()
            asked.destroy()
          })
          response.on('end', finish)
          response.on('error', reject)
          response.on('close', () => reject(new Error('the answer broke off')))
        },
      )
      // For the whole answer: one that comes byte by byte would never be late.
      const late = setTimeout(
        () => asked.destroy(new Error(`no whole answer within ${patience} ms`)),
        patience,
      )
      asked.on('close', () => clearTimeout(late))
      asked.on('error', reject)
      asked.end(body)
    })
  return { send, close: () => agent.destroy() }
}
