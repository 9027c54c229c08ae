import type { IncomingMessage } from 'node:http'
import { isIP, SocketAddress } from 'node:net'
import { AddressList } from '../services/apps/address-list.js'

/** The caller's address: the socket's, or what a trusted proxy says of it (passport.md §1). */
export type ClientAddress = (request: IncomingMessage) => string

/** `trustProxy`: addresses and CIDR ranges of proxies whose `X-Real-IP` and `X-Forwarded-For` count. */
export function createClientAddress(trustProxy: readonly string[]): ClientAddress {
  if (trustProxy.length === 0) return socketAddress
  const proxies = new AddressList(trustProxy)
  return (request) => {
    const socket = socketAddress(request)
    if (!proxies.has(socket)) return socket
    // A proxy that appends to X-Forwarded-For may pass on an X-Real-IP that the caller wrote.
    const forwarded = lastUntrusted(String(request.headers['x-forwarded-for'] ?? ''), proxies)
    return forwarded ?? plainAddress(String(request.headers['x-real-ip'] ?? '').trim()) ?? socket
  }
}

/** IPv4 addresses that arrive on an IPv6 socket are written as IPv4. */
export function socketAddress({ socket }: IncomingMessage): string {
  const address = socket.remoteAddress ?? ''
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
}

/** Each proxy appends the address it was called from: the last one that is no proxy of ours is the caller's. */
function lastUntrusted(header: string, proxies: AddressList): string | undefined {
  for (const text of header.split(',').toReversed()) {
    const written = text.trim()
    // An empty element of a list stands for nothing (RFC 9110 §5.6.1).
    if (written === '') continue
    const address = plainAddress(written)
    if (address === undefined) return undefined
    if (!proxies.has(address)) return address
  }
  return undefined
}

/** `"[2001:db8::1]:443"`, `203.0.113.7:1234`: brackets, port and quotes that some proxies write. */
const dressed = /^"?(?:\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+|([^"]+))"?$/

/** An address as proxies write it, in the one form in which it is counted: IPv6 short and small, IPv4 never as IPv6. */
function plainAddress(text: string): string | undefined {
  if (isIP(text) === 4) return text
  const [, bracketed, withPort, bare] = dressed.exec(text) ?? []
  // The zone of a link-local address is the name of the proxy's own network card.
  const address = (bracketed ?? withPort ?? bare ?? '').replace(/%.*$/, '')
  const kind = isIP(address)
  if (kind !== 6) return kind === 4 ? address : undefined
  const short = new SocketAddress({ address, family: 'ipv6' }).address
  return short.startsWith('::ffff:') && short.includes('.') ? short.slice('::ffff:'.length) : short
}
