import { createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { ExchangeObserver } from '../proxy/observer.js'
import { collectBody } from './body-collector.js'
import { decodeBody } from './decoded-body.js'
import { type Exchange, headerOf } from './exchange.js'

/** Bytes of a body above which it is left out. */
const mostBody = 256 * 1024

/** Where a call comes from: what a proxy before this one says, else the socket's address. */
export function clientOf(call: IncomingMessage): string {
  const [forwarded = ''] = (headerOf(call.rawHeaders, 'x-forwarded-for') ?? '').split(',')
  return forwarded.trim() || (call.socket.remoteAddress ?? '')
}

/** Whether a caller is of those whose calls are looked at: all calls of a share of callers, 0 to 1, as the key picks them. */
export function isSampled(key: Buffer, client: string, share: number): boolean {
  if (share >= 1) return true
  return createHmac('sha256', key).update(`sample ${client}`).digest().readUInt32BE() / 2 ** 32 < share
}

/** Gathers one exchange while it passes, and hands it on once it is whole; the body of the answer as it was packed. */
export function observeExchange(
  call: IncomingMessage,
  client: string,
  add: (exchange: Exchange) => void,
): ExchangeObserver {
  const at = Date.now()
  let asked = performance.now()
  let head: { status: number; headers: readonly string[] } | undefined
  const [body, answerBody] = [collectBody(mostBody), collectBody(mostBody)]
  return {
    called: (bytes) => body.add(bytes),
    asked: () => (asked = performance.now()),
    answered: ({ statusCode = 0, rawHeaders }) => (head = { status: statusCode, headers: rawHeaders }),
    answering: (bytes) => answerBody.add(bytes),
    ended(end) {
      if (end !== 'complete' || head === undefined) return
      add({
        at,
        took: performance.now() - asked,
        client,
        verb: call.method ?? '',
        url: call.url ?? '',
        headers: call.rawHeaders,
        body: body.whole(),
        answer: { ...head, body: answerBody.whole() },
      })
    },
  }
}

/** The exchange with its answer as it was before it was packed; one that can't be unpacked stays as it is. */
export function unpacked(exchange: Exchange): Exchange {
  const { headers, body } = exchange.answer
  const whole = decodeBody(body, headerOf(headers, 'content-encoding'), 4 * mostBody)
  return whole === body ? exchange : { ...exchange, answer: { ...exchange.answer, body: whole } }
}
