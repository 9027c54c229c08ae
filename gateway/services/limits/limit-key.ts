/**
 * What limits per address count by: an IPv4 address as it is, of an IPv6 address its network of 64 bits, as one
 * customer has all 2^64 addresses of such a network.
 */
export function limitKey(ip: string): string {
  return ip.includes(':') ? `${groupsOf(ip, 4)}::/64` : ip
}

/**
 * What limits per network count by: the /24 of an IPv4 address, the /48 of an IPv6 address: what one customer may be
 * given as a whole, to change addresses in at will.
 */
export function networkKey(ip: string): string {
  return ip.includes(':') ? `${groupsOf(ip, 3)}::/48` : `${ip.split('.').slice(0, 3).join('.')}.0/24`
}

/** The first groups of an IPv6 address, without leading zeros. */
function groupsOf(ip: string, count: number): string {
  const [head = '', tail] = ip.split('::')
  const groups = (text: string) => text.split(':').filter((group) => group !== '')
  const front = groups(head)
  // Of `a::b` the middle is zeros; only the first groups matter.
  const missing = tail === undefined ? 0 : 8 - front.length - groups(tail).length
  const all = [...front, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...groups(tail ?? '')]
  const network = all.slice(0, count).map((group) => Number.parseInt(group, 16).toString(16))
  return network.join(':')
}
