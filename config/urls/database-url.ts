import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { defined } from '../../gateway/wire/defined-fields.js'
import { urlsByHost } from './several-hosts.js'
import { parsedUrl } from './parsed-url.js'

/** Files of PEM by which TLS is spoken with a database: the server's certificate and host name are always checked. */
interface DatabaseTls {
  /** Certificates of the authorities that may have signed the server's; absent: those that the system trusts. */
  readonly ca?: string
  /** The certificate by which we show who we are, with its key. */
  readonly cert?: string
  readonly key?: string
}

/** Where the data lives. */
export type DatabaseConfig =
  | { readonly kind: 'sqlite'; readonly file: string }
  | {
      readonly kind: 'mysql'
      /** Without parameters. */
      readonly url: string
      /** Of further servers of the same data, used in this order while those before take no writes. */
      readonly fallbackUrls?: readonly string[]
      /** Absent: nothing is encrypted. */
      readonly tls?: DatabaseTls
    }

/** Whether the text names a database, whatever its parameters are. */
export function isDatabaseUrl(text: string): boolean {
  // sqlite://data/x.db would be an absolute path to some and a relative one to others.
  if (text.startsWith('sqlite:')) return /^sqlite:(?!\/\/)./.test(text)
  return urlsByHost(text).every(isServerUrl)
}

function isServerUrl(text: string): boolean {
  const url = parsedUrl(text, 'mysql:')
  if (url === undefined || url.username === '') return false
  return /^\/[^/]+$/.test(url.pathname) && [url.username, url.password, url.pathname].every(isDecodable)
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** The database of a text that is a database's URL. */
export function databaseOf(text: string): DatabaseConfig {
  const file = /^sqlite:(.+)$/s.exec(text)?.[1]
  if (file !== undefined) return { kind: 'sqlite', file }
  const [url = text, ...fallbackUrls] = urlsByHost(text.replace(/\?.*$/s, ''))
  const tls = tlsOf(parametersOf(text))
  return {
    kind: 'mysql',
    url,
    ...(fallbackUrls.length > 0 ? { fallbackUrls } : {}),
    ...defined({ tls }),
  }
}

const fileNames = ['ssl-ca', 'ssl-cert', 'ssl-key'] as const

function parametersOf(text: string): URLSearchParams {
  return new URLSearchParams(/\?(.*)$/s.exec(text)?.[1])
}

function tlsOf(parameters: URLSearchParams): DatabaseTls | undefined {
  if (parameters.size === 0) return undefined
  const [ca, cert, key] = fileNames.map((name) => parameters.get(name) ?? undefined)
  return defined({ ca, cert, key })
}

/** What is wrong with the parameters of a text that is a database's URL otherwise. */
export function databaseUrlProblem(text: string): string | undefined {
  if (text.startsWith('sqlite:')) return undefined
  const parameters = parametersOf(text)
  const unknown = [...parameters.keys()].find((name) => !['ssl', ...fileNames].includes(name))
  if (unknown !== undefined)
    return `DATABASE_URL must have no parameters but ssl, ssl-ca, ssl-cert and ssl-key, not ${JSON.stringify(unknown.slice(0, 40))}`
  if ((parameters.get('ssl') ?? 'verify') !== 'verify')
    return 'DATABASE_URL must say ssl=verify for TLS, and nothing of ssl for none'
  if (parameters.has('ssl-cert') !== parameters.has('ssl-key'))
    return 'DATABASE_URL must give ssl-cert and ssl-key together'
  if (parameters.size > 0 && urlsByHost(text).some(isAddressed))
    return 'DATABASE_URL must name hosts, not addresses, with ssl=verify: a certificate is checked by the name'
  return fileNames.map((name) => fileProblem(name, parameters.get(name))).find(Boolean)
}

/** The driver checks the certificate of an address as if it were that of localhost. */
function isAddressed(text: string): boolean {
  return isIP(new URL(text).hostname.replace(/^\[(.*)\]$/, '$1')) !== 0
}

function fileProblem(name: string, file: string | null): string | undefined {
  if (file === null) return undefined
  try {
    if (readFileSync(file, 'utf8').includes('-----BEGIN ')) return undefined
    return `DATABASE_URL must name a file of PEM as ${name}: ${file} is none`
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return `DATABASE_URL must name a file that can be read as ${name}: ${file} (${code})`
  }
}
