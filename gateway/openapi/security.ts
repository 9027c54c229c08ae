import type { CompiledMethod } from '../contract/compile-table.js'
import type { SecurityRequirement } from './objects.js'

const inQuery = (name: string, description: string) => ({ type: 'apiKey', in: 'query', name, description })

/** How calls are signed and who is signed in. What is signed can as well stand in the body. */
export const securitySchemes = {
  legacyApplication: inQuery('client_type', 'Name of an application of scheme `legacy`.'),
  legacySignature: inQuery(
    'client_secret',
    'MD5 in lower-case hex of all parameters but `client_secret`, `q`, `debug_data` and `/api`, with `private_key`, the ' +
      "application's secret, and `method`, the method's name, among them: sorted by name, each `name=value`, joined by `&`.",
  ),
  hmacApplication: inQuery('app_key', 'Name of an application of scheme `hmac-sha256`.'),
  hmacMethod: inQuery('sign_method', '`hmac-sha256`.'),
  hmacTimestamp: inQuery('timestamp', "Unix seconds, at most 300 off the server's clock."),
  hmacNonce: inQuery('nonce', '8 to 64 printable characters, new for each call.'),
  hmacSignature: inQuery(
    'client_secret',
    "HMAC-SHA-256 in lower-case hex, keyed by the application's secret, of all other parameters and `method`, the method's " +
      'name: sorted by name, each `encodeURIComponent(name)=encodeURIComponent(value)`, joined by `&`.',
  ),
  session: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The `token` that `front.account.login.login` and every other sign-in answers.',
  },
  accessToken: inQuery('access_token', 'The same token as a parameter.'),
  permKey: inQuery('perm_key', 'The same token as a parameter, as shop front ends send it.'),
} as const

type SchemeName = keyof typeof securitySchemes

const allOf = (...names: SchemeName[]): SecurityRequirement =>
  Object.fromEntries(names.map((name) => [name, []]))

const hmac = allOf('hmacApplication', 'hmacMethod', 'hmacTimestamp', 'hmacNonce', 'hmacSignature')
const signatures = [allOf('legacyApplication', 'legacySignature'), hmac]
const tokens = [allOf('session'), allOf('accessToken'), allOf('permKey')]

const openings: Readonly<Record<CompiledMethod['auth'], readonly SecurityRequirement[]>> = {
  app: signatures,
  'app-or-permission': [...signatures, ...tokens],
  user: tokens,
  permission: tokens,
  optional: [{}, ...tokens],
  none: [],
  // These are not described.
  console: [],
}

/** Any of these opens a method. */
export function describeSecurity({ auth, answers }: CompiledMethod): readonly SecurityRequirement[] {
  return answers === 'batch' ? [hmac] : openings[auth]
}

const needs: Readonly<Record<CompiledMethod['auth'], string>> = {
  app: 'a signature',
  'app-or-permission': 'a signature of an application of trust `server`, or a session with the permission',
  user: 'a session',
  permission: 'the session of an administrator with the permission',
  optional: 'nothing; a session is looked at where there is one',
  none: 'nothing',
  console: 'a session of the console',
}

const publicApps: Readonly<Record<string, string>> = {
  server: 'of an application of trust `server`',
  session: 'of trust `public` with the live session of its user, or of trust `server`',
  anybody: 'of any trust; a `uid` needs its session where the trust is `public`',
}

/** What a call needs, in a sentence. */
export function describeNeed({ auth, trust, permission, name }: CompiledMethod): string {
  const whose = auth === 'app' && trust !== undefined ? ` ${publicApps[trust]}` : ''
  const of = auth === 'permission' && permission !== name ? ` of \`${permission}\`` : ''
  return `Needs ${needs[auth]}${whose}${of}.`
}
