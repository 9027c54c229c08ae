import type { IncomingMessage } from 'node:http'
import { isLoopback } from '../../config/formats.js'
import { socketAddress } from './client-address.js'

const forwardingHeaders = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
]

/**
 * Whether a request was made on this machine by its user: over loopback, to a loopback name, through no proxy, and
 * not by a web page of another site that a browser on this machine happens to show.
 */
export function isLocalCall(request: IncomingMessage): boolean {
  const { headers } = request
  if (!isLoopback(socketAddress(request))) return false
  if (forwardingHeaders.some((name) => headers[name] !== undefined)) return false
  const host = headers.host ?? ''
  // A name that an attacker's DNS points at this machine is not ours.
  if (host !== '' && !isLoopbackHost(host)) return false
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  return headers.origin === undefined || headers.origin === `http://${host}`
}

function isLoopbackHost(host: string): boolean {
  return isLoopback(host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1'))
}
