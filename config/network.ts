import type { Environment } from './env.js'
import { isShellOrigin } from './formats.js'
import type { Config } from './server-config.js'

/** Where the server is reached, where its links may lead, whose pages may call it and which proxies it believes. */
export function networkOf(
  e: Environment,
): Pick<Config, 'publicUrl' | 'callbackHosts' | 'corsOrigins' | 'developmentHosts' | 'trustProxy'> {
  const url = new URL(e.PUBLIC_URL)
  const hosts = [...(e.CALLBACK_HOSTS ?? []).map((host) => host.toLowerCase()), url.host]
  return {
    publicUrl: url.href.replace(/\/+$/, ''),
    callbackHosts: [...new Set(hosts)],
    corsOrigins: corsOriginsOf(e),
    developmentHosts: [...(e.DEVELOPMENT_HOSTS ?? [])],
    trustProxy: [...(e.TRUST_PROXY ?? [])],
  }
}

function corsOriginsOf(e: Environment): Config['corsOrigins'] {
  if (e.CORS_ORIGINS === undefined) return e.NODE_ENV === 'development' ? 'any' : []
  // As browsers print them: in lower case and without the usual port.
  const written = (origin: string) => (isShellOrigin(origin) ? origin.toLowerCase() : new URL(origin).origin)
  return [...new Set(e.CORS_ORIGINS.map(written))]
}
