import { defined } from '../../gateway/wire/defined-fields.js'
import { parsedUrl } from './parsed-url.js'
import { urlsByHost } from './several-hosts.js'

interface Host {
  readonly host: string
  readonly port: number
}

interface Servers {
  readonly hosts: readonly Host[]
  readonly tls: boolean
  readonly username?: string
  readonly password?: string
}

/** How Redis is reached. */
export type RedisTarget =
  | { readonly kind: 'single'; readonly url: string }
  | (Servers & {
      readonly kind: 'sentinel'
      /** What the Sentinels call the primary. */
      readonly name: string
      readonly db: number
      /** Of the Sentinels themselves, which have passwords of their own. */
      readonly sentinelPassword?: string
    })
  | (Servers & { readonly kind: 'cluster' })

const usualPorts = { sentinel: 26_379, cluster: 6379 } as const

/** What a Redis URL says; undefined where it is none. */
export function readRedisUrl(text: string): RedisTarget | undefined {
  const [, scheme = '', kind] = /^(rediss?)\+(sentinel|cluster):/.exec(text) ?? []
  if (kind === 'sentinel' || kind === 'cluster') return readServers(text, `${scheme}+${kind}:`, kind)
  const url = parsedUrl(text, 'redis:', 'rediss:')
  // A comma is no part of a host's name: the servers of a cluster are meant.
  return url === undefined || url.hostname.includes(',') ? undefined : { kind: 'single', url: text }
}

function readServers(text: string, protocol: string, kind: 'sentinel' | 'cluster'): RedisTarget | undefined {
  const urls = urlsByHost(text).map((each) => parsedUrl(each, protocol))
  const [url] = urls
  if (url === undefined || urls.includes(undefined)) return undefined
  const credentials = decoded(url.username, url.password, url.pathname.slice(1))
  if (credentials === undefined) return undefined
  const [username, password, path = ''] = credentials
  const servers: Servers = {
    hosts: urls.flatMap((each) => (each ? [hostOf(each, usualPorts[kind])] : [])),
    tls: protocol.startsWith('rediss'),
    ...defined({ username: username || undefined, password: password || undefined }),
  }
  if (kind === 'cluster') return path === '' && url.search === '' ? { kind, ...servers } : undefined
  const [, name, db = '0'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(path) ?? []
  const sentinelPassword = url.searchParams.get('sentinel-password') || undefined
  if (name === undefined || [...url.searchParams.keys()].some((key) => key !== 'sentinel-password'))
    return undefined
  return { kind, ...servers, name, db: Number(db), ...defined({ sentinelPassword }) }
}

function hostOf(url: URL, usualPort: number): Host {
  return {
    host: decodeURIComponent(url.hostname.replace(/^\[(.*)\]$/, '$1')),
    port: url.port === '' ? usualPort : Number(url.port),
  }
}

function decoded(...texts: string[]): string[] | undefined {
  try {
    return texts.map(decodeURIComponent)
  } catch {
    return undefined
  }
}
