import { useNonce } from '../../db/used-tokens.js'
import type { CompiledMethod } from '../contract/compile-table.js'
import { GatewayError } from '../outcome/errors.js'
import { type Ready, whenReady } from '../outcome/ready.js'
import type { Incoming } from '../dialects/dialect.js'
import type { Services } from '../services/services.js'
import { emptyParameters, type RawParameters } from '../wire/query-string.js'
import { type ClientApp, findRefusal } from '../services/apps/apps.js'
import { unsignedCaller } from '../services/apps/unsigned-caller.js'
import { signaturesEqual, signHmac, signLegacy } from '../wire/signature.js'
import type { Passage } from './passage.js'
import { refuseRecut } from './guards/refuse-recut.js'
import { reportLegacy } from './guards/report-legacy.js'

/** Scheme hmac-sha256: how far a caller's clock may be off, and how long its nonces are remembered (seconds). */
const clockTolerance = 300
const nonceLifetime = 600

/**
 * Finds which application calls (passport.md §3); none where none is needed and none signed. Throws
 * SIGNATURE_MISSING, or SIGNATURE_INVALID for all else, be it the signature, the application or its grants. Only
 * hmac-sha256 waits for the database; the legacy scheme, most of all calls, makes no promise.
 */
export function verifyApp(passage: Passage, services: Services): Ready<void> {
  return whenReady(findCaller(passage, services), (app) => {
    passage.app = app
  })
}

function findCaller(passage: Passage, services: Services): Ready<ClientApp | undefined> {
  const { method, incoming } = passage
  if (incoming.app) {
    // The hosted pages sign nothing, and the calls of a batch are signed as it is.
    if (incoming.app.secrets.length > 0) passage.scheme = incoming.app.scheme
    return incoming.app
  }
  // The console's calls are its administrator's, whatever their parameters are called.
  if (incoming.console) return undefined
  const isSigned = Boolean(incoming.params['client_secret']) && !skipsSignature(incoming, services)
  if (!isSigned) return method.auth === 'app' ? admitUnsigned(method, incoming, services) : undefined
  const app = findSigner(incoming.params, services)
  if (signsByHmac(app, incoming, services)) {
    passage.scheme = 'hmac-sha256'
    return verifyHmac(app, incoming, services).then(() => admit(app, method, incoming.head.ip))
  }
  verifyLegacy(app, passage)
  passage.scheme = 'legacy'
  refuseRecut(app, passage, services)
  admit(app, method, incoming.head.ip)
  reportLegacy(app, passage, services)
  return app
}

function findSigner(params: RawParameters, { apps }: Services): ClientApp {
  const name = params['app_key'] || params['client_type']
  const app = name ? apps.find(name) : undefined
  if (!app)
    throw invalid(name ? 'client_type: no such application' : 'client_type: the name of the application')
  return app
}

/** An application that moves from one scheme to the other may sign by the safe one already. */
function signsByHmac({ scheme, guards }: ClientApp, { params }: Incoming, { clock }: Services): boolean {
  if (scheme !== 'legacy') return true
  const isAsked = guards.reportOnly !== undefined && params['sign_method'] === 'hmac-sha256'
  return isAsked && guards.stateOf('scheme', clock.now()) === 'report'
}

function verifyLegacy(app: ClientApp, { method, incoming }: Passage): void {
  const signed = bindToMethod(method, incoming)
  const given = incoming.params['client_secret'] ?? ''
  if (!app.secrets.some((secret) => signaturesEqual(signLegacy(signed, secret), given)))
    throw invalid('client_secret: does not fit the parameters and the secret of the application')
}

/**
 * The parameters that a legacy signature covers. On a REST path the path says which method is called: a `method` that
 * is sent must be that one, or a signature made for another method would open it. Where the signature alone opens the
 * method, its name is signed although it is not sent.
 */
function bindToMethod({ contract, auth }: CompiledMethod, { method, params }: Incoming): RawParameters {
  const sent = params['method']
  if (sent === method || (sent !== undefined && contract.document['x-aliases']?.includes(sent))) return params
  if (sent !== undefined) throw invalid('method: is signed, and is not that of the path')
  if (auth !== 'app' && auth !== 'app-or-permission') return params
  return Object.assign(emptyParameters(), params, { method })
}

async function verifyHmac(
  app: ClientApp,
  { method, params }: Incoming,
  { clock, db }: Services,
): Promise<void> {
  if (params['sign_method'] !== 'hmac-sha256') throw invalid('sign_method: hmac-sha256')
  const timestamp = params['timestamp'] ?? ''
  const seconds = clock.now() / 1000
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(seconds - Number(timestamp)) > clockTolerance)
    throw invalid(`timestamp: Unix seconds, at most ${clockTolerance} off the server's clock`)
  const nonce = params['nonce'] ?? ''
  if (!/^[\x21-\x7e]{8,64}$/.test(nonce)) throw invalid('nonce: 8 to 64 characters, new for each call')
  const given = params['client_secret'] ?? ''
  // REST paths carry no `method`, but it is signed there too.
  const signed: RawParameters = Object.assign(Object.create(null), params, { method })
  if (!app.secrets.some((secret) => signaturesEqual(signHmac(signed, secret), given)))
    throw invalid('client_secret: does not fit the parameters and the secret of the application')
  // Only now, or strangers could fill the store and use up nonces.
  if (!(await useNonce(db, app.name, nonce, clock.now() + nonceLifetime * 1000)))
    throw invalid('nonce: was used before')
}

/** PASSPORT_DEBUG: `debug=XYZ` stands for the signature, as on the old gateway. */
function skipsSignature({ params }: Incoming, { config }: Services): boolean {
  return config.passport.debug && params['debug'] === 'XYZ'
}

function admitUnsigned(method: CompiledMethod, incoming: Incoming, services: Services): ClientApp {
  const { apps, config } = services
  const isOwn = config.passport.unsigned && incoming.head.isLocal
  const byDebug = skipsSignature(incoming, services)
  if (!byDebug && !isOwn)
    throw new GatewayError('SIGNATURE_MISSING', { detail: 'client_secret: the signature of the call' })
  const named = byDebug ? apps.find(incoming.params['client_type'] ?? '') : undefined
  const app = named ?? unsignedCaller(apps)
  // Whoever comes from elsewhere, by PASSPORT_DEBUG, comes in the name of an application that somebody has registered.
  if (!isOwn && apps.find(app.name) === undefined)
    throw invalid('unsigned calls count as the application "web", which is not registered')
  return admit(app, method, incoming.head.ip)
}

/** The application, where it may call the method from this address. Throws SIGNATURE_INVALID. */
export function admit(app: ClientApp, method: CompiledMethod, ip: string): ClientApp {
  // The key of a public application is in every copy of its page or app.
  if (method.auth === 'app-or-permission' && app.trust !== 'server')
    throw invalid('the method is for applications of trust server')
  const refusal = findRefusal(app, method.name, ip)
  if (refusal !== undefined) throw invalid(refusal)
  return app
}

function invalid(detail: string): GatewayError {
  return new GatewayError('SIGNATURE_INVALID', { detail })
}
