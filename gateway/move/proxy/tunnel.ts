import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectSecurely } from 'node:tls'

interface TunnelOptions {
  readonly client: Duplex
  /** What the client has sent after the head. */
  readonly head: Buffer
  readonly upstream: URL
}

/** Joins a client that changes its protocol with the upstream: from here on bytes go both ways, unread. */
export function tunnel(call: IncomingMessage, { client, head, upstream }: TunnelOptions): void {
  const isSecure = upstream.protocol === 'https:'
  const host = upstream.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = Number(upstream.port || (isSecure ? 443 : 80))
  const server = isSecure ? connectSecurely({ host, port, servername: host }) : connect({ host, port })
  const lines = [`${call.method} ${call.url} HTTP/${call.httpVersion}`]
  for (let at = 0; at < call.rawHeaders.length; at += 2)
    lines.push(`${call.rawHeaders[at]}: ${call.rawHeaders[at + 1]}`)
  server.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  server.write(head)
  server.pipe(client).pipe(server)
  for (const [one, other] of [
    [server, client],
    [client, server],
  ]) {
    one?.on('error', () => other?.destroy())
    one?.on('close', () => other?.destroy())
  }
}
