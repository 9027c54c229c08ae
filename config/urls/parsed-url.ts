/** The URL of a text with one of these protocols and a host; undefined when it is anything else. */
export function parsedUrl(text: string, ...protocols: string[]): URL | undefined {
  // URL would drop spaces and line ends without a word.
  if (/[\s\p{Cc}]/u.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  // A # is never meant: it cuts a URL short, mostly in the middle of a password.
  return protocols.includes(url.protocol) && url.hostname !== '' && url.hash === '' ? url : undefined
}
