import { readFileSync } from 'node:fs'
import tls from 'node:tls'

/** Files of PEM by which TLS is spoken with a server (config/urls/database-url.ts). */
export interface TlsFiles {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** What the driver's `ssl` takes. */
export interface DriverTls {
  readonly ca: string | string[] | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  readonly rejectUnauthorized: true
  /** The driver checks who signed a certificate, but not for whom, unless it is told. */
  readonly verifyIdentity: true
}

/**
 * Reads the files anew for each connection, so that a renewed certificate is used without a restart. As long as they are
 * the same, the driver is given the same object, by which it knows that it may resume TLS.
 *
 * @returns what throws when a file can't be read
 */
export function createTlsReader(files: TlsFiles): () => DriverTls {
  let known: DriverTls | undefined
  let texts = ''
  return () => {
    const [ca, cert, key] = [files.ca, files.cert, files.key].map((file) =>
      file === undefined ? undefined : readFileSync(file, 'utf8'),
    )
    const found = [ca, cert, key].join('\0')
    if (known && found === texts) return known
    texts = found
    known = { ca: ca ?? trustedAuthorities(), cert, key, rejectUnauthorized: true, verifyIdentity: true }
    return known
  }
}

/** Node's and the system's; before Node.js 22.15 only Node's (undefined), with those of NODE_EXTRA_CA_CERTS. */
function trustedAuthorities(): string[] | undefined {
  const { getCACertificates: list } = tls as { readonly getCACertificates?: (kind: string) => string[] }
  return list && [...list('default'), ...list('system')]
}

/** What an operator is told of a connection that TLS has kept from being made; undefined where it was something else. */
export function explainTlsError({ code, message }: Error & { readonly code?: unknown }): string | undefined {
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') return 'the server offers no TLS, and DATABASE_URL asks for it'
  if (code !== 'HANDSHAKE_SSL_ERROR') return undefined
  const hint = hints.find(([form]) => form.test(message))?.[1] ?? ''
  return `TLS with the server failed: ${message}${hint}`
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/altnames/i, ' (DATABASE_URL must name the server as its certificate does)'],
  [/issuer|self.signed|first certificate/i, ' (ssl-ca must hold the authority that signed the certificate)'],
]
