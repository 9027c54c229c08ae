import { InvalidArgumentError } from 'commander'

/** Reads the address of a server. */
export function readServerUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol))
    throw new InvalidArgumentError('It must be such as http://127.0.0.1:8080.')
  return url
}

/** Reads a number above 0, up to `most`. */
export function readNumberUpTo(most: number): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (!/^\d+(?:\.\d+)?$/.test(text) || number <= 0 || number > most)
      throw new InvalidArgumentError(`It must be a number above 0, up to ${most}.`)
    return number
  }
}

/** Reads a share in hundred, as `99.9`. */
export function readPercent(text: string): number {
  if (!/^\d{1,3}(?:\.\d+)?$/.test(text) || Number(text) > 100)
    throw new InvalidArgumentError('It must be a number from 0 to 100.')
  return Number(text)
}

/** Reads `PORT` or `HOST:PORT`; an IPv6 address stands in brackets. */
export function readListenAddress(text: string): { host: string; port: number } {
  const [, host = '127.0.0.1', bracketed, port] =
    /^(?:(\[([\da-f:.]+)\]|[\w.-]+):)?(\d{1,5})$/i.exec(text) ?? []
  if (port === undefined || Number(port) > 65_535)
    throw new InvalidArgumentError('It must be PORT or HOST:PORT, as 127.0.0.1:8090.')
  return { host: bracketed ?? host, port: Number(port) }
}
