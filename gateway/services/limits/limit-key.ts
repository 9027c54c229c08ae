/**
 * What limits per address count by: an IPv4 address as it is, of an IPv6 address its network of 64 bits, as one
 * customer has all 2^64 addresses of such a network.
 */
export function limitKey(ip: string): string {
  if (!ip.includes(':')) return ip
  const [head = '', tail] = ip.split('::')
  const groups = (text: string) => text.split(':').filter((group) => group !== '')
  const front = groups(head)
  // Of `a::b` the middle is zeros; only the first four groups matter.
  const missing = tail === undefined ? 0 : 8 - front.length - groups(tail).length
  const all = [...front, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...groups(tail ?? '')]
  const network = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${network.join(':')}::/64`
}
