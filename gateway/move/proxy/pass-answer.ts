import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ExchangeObserver } from './observer.js'

/** Sends an upstream's answer back to the client, byte for byte. */
export function passAnswer(
  response: IncomingMessage,
  answer: ServerResponse,
  observer: ExchangeObserver | undefined,
): void {
  // Only the upstream's headers: these are the ones that Node.js would add.
  answer.sendDate = false
  for (const name of ['Connection', 'Content-Length', 'Transfer-Encoding']) answer.removeHeader(name)
  answer.writeHead(response.statusCode ?? 502, response.statusMessage ?? '', answerHeaders(response, answer))
  // A stream's first bytes may be long in coming; else head and body go out together.
  let hasBegun = false
  setImmediate(() => {
    if (!hasBegun && !answer.destroyed) answer.flushHeaders()
  })
  response.on('data', (bytes: Buffer) => {
    hasBegun = true
    observer?.answering(bytes)
    if (!answer.write(bytes)) {
      response.pause()
      answer.once('drain', () => response.resume())
    }
  })
  response.on('end', () => {
    hasBegun = true
    if (response.rawTrailers.length > 0) answer.addTrailers(pairsOf(response.rawTrailers))
    answer.end()
  })
}

/** A client of HTTP/1.0 knows no chunks: it reads until the connection ends. */
function answerHeaders({ rawHeaders }: IncomingMessage, { req }: ServerResponse): string[] {
  if (req.httpVersion !== '1.0') return rawHeaders
  return pairsOf(rawHeaders)
    .filter(([name]) => !/^(?:transfer-encoding|connection|keep-alive|trailer)$/i.test(name))
    .flat()
}

function pairsOf(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? ''] as [string, string]] : []))
}

/** Says that no answer came. */
export function refuse(answer: ServerResponse): void {
  answer.writeHead(502, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' })
  answer.end('the old server did not answer\n')
}
