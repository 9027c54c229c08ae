/** The value of a cookie in a header `Cookie`, decoded. */
export function findCookie(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const split = pair.indexOf('=')
    if (split < 0 || pair.slice(0, split).trim() !== name) continue
    const value = pair
      .slice(split + 1)
      .trim()
      .replace(/^"(.*)"$/, '$1')
    try {
      return decodeURIComponent(value)
    } catch {
      return value
    }
  }
  return undefined
}
