const form = /^([a-z+]+:\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/is

/** The URLs of each host of a URL that may name several, as in `mysql://user@one:3306,two:3306/name`, in their order. */
export function urlsByHost(text: string): string[] {
  const [, before, hosts = '', after] = form.exec(text) ?? []
  return before === undefined ? [text] : hosts.split(',').map((host) => `${before}${host}${after}`)
}

/** The URL with these hosts in place of its own. */
export function withHostsOf(text: string, url: string): string {
  const hosts = form.exec(text)?.[2] ?? ''
  return url.replace(form, (_, before: string, _hosts, after: string) => `${before}${hosts}${after}`)
}
