import { BlockList, isIP, isIPv6 } from 'node:net'
import { domainToUnicode } from 'node:url'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

const nameForm = /^(?!-)[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i
// A name ending in a number is a mistyped IPv4 address to every URL parser.
const numberLast = /(?:^|\.)\d+$/

/** Whether the text is an IP address without a zone; a zone cannot stand in a URL or a range. */
function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%')
}

/** Whether the text is an IP address or a host name one can listen on. */
export function isHost(text: string): boolean {
  return isAddress(text) || (nameForm.test(text) && !numberLast.test(text) && isDecodable(text))
}

/** Whether every label of a name that says it is encoded (`xn--`) is: newer versions of Node parse others as well. */
function isDecodable(name: string): boolean {
  const decoded = domainToUnicode(name)
  return decoded !== '' && !/(?:^|\.)xn--/i.test(decoded)
}

/** Whether only this machine can reach the host: 127.0.0.0/8, ::1 or localhost. */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 0) return host.toLowerCase() === 'localhost'
  return loopback.check(host, isIPv6(host) ? 'ipv6' : 'ipv4')
}

/** Whether the text is an IP address or a CIDR range, of either version. */
export function isAddressRange(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  if (rest.length > 0 || !isAddress(address)) return false
  if (prefix === undefined) return true
  return /^(?:0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= (isIPv6(address) ? 128 : 32)
}

/** Whether the text is `host` or `host:port` exactly as a URL would print it, letter case aside. */
export function isCallbackHost(text: string): boolean {
  const lower = text.toLowerCase()
  const [, host, port] = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::([1-9]\d{0,4}))?$/.exec(lower) ?? []
  if (host === undefined || Number(port ?? 1) > 65535 || !URL.canParse(`http://${host}/`)) return false
  // Anything else (127.1, [0:0::1]) would be listed and then never match a parsed callback.
  return new URL(`http://${host}/`).hostname === host
}
