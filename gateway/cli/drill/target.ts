import { randomBytes } from 'node:crypto'
import { signHmac, signLegacy } from '../../wire/signature.js'

/** Parameters by name, decoded. */
type DrillParameters = Readonly<Record<string, string>>

export interface DrillSettings {
  /** The server's address, without `/gateway`. */
  readonly url: string
  /** The application whose key the attacks may use. */
  readonly app: string
  readonly secret: string
  readonly scheme: 'legacy' | 'hmac-sha256'
  /** The user in whose name calls are made. */
  readonly user: string
  /** The user who is attacked. */
  readonly victim: string
  /** An application of trust public. */
  readonly publicApp?: { readonly name: string; readonly secret: string }
  /** How the user signs in, to be guessed at; `number` is another name of theirs. */
  readonly login?: { readonly account: string; readonly password: string; readonly number?: string }
  /** A live token of the user. */
  readonly token?: string
  /** What the server asks for before it shows its metrics. */
  readonly metricsToken?: string
  /** Whether codes may be sent to made-up numbers. */
  readonly texts: boolean
  /** Whether the server believes this machine who its callers are (TRUST_PROXY). */
  readonly asProxy: boolean
}

interface SendOptions {
  /** POST if absent. */
  readonly verb?: 'GET' | 'POST'
  /** `/gateway` if absent. */
  readonly path?: string
  readonly headers?: DrillParameters
}

/** An answer in either envelope. */
interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The envelope's number; 0 where there is no envelope. */
  readonly code: number
  /** The envelope's `data`. */
  readonly data: unknown
  /** Whether the server did what was asked. */
  readonly isAccepted: boolean
}

/** The server that is attacked. */
export interface Target extends DrillSettings {
  /** The parameters with the caller's name and signature, as its application makes them. */
  sign(params: DrillParameters): Record<string, string>
  /** Sends parameters exactly as they are. */
  send(params: DrillParameters, options?: SendOptions): Promise<Reply>
  /** Signs a call and sends it. */
  call(params: DrillParameters, options?: SendOptions): Promise<Reply>
}

/** What a key is tried on: any application that drills are for may call it, with a session or without. */
export const keyProof = 'web.passport.getUserVerifyInfo'

/** Answered for a signature that does not fit, and for a method that is not granted. */
const keyRefused = 500

/** Whether the server takes the application's signature for `keyProof`. */
export async function isKeyTaken(target: Target): Promise<boolean> {
  const { code } = await target.call({ method: keyProof, uid: target.victim })
  return code !== keyRefused
}

/** Milliseconds that one call may take. */
const patience = 15_000

/** Opens a server for attacks. Nothing is sent yet. */
export function createTarget(settings: DrillSettings): Target {
  const base = settings.url.replace(/\/+$/, '')
  const send = async (params: DrillParameters, options: SendOptions = {}): Promise<Reply> => {
    const { verb = 'POST', path = '/gateway', headers } = options
    const form = new URLSearchParams(params).toString()
    const isPost = verb === 'POST'
    const answer = await fetch(`${base}${path}${isPost ? '' : `?${form}`}`, {
      method: verb,
      headers: { ...(isPost && { 'Content-Type': 'application/x-www-form-urlencoded' }), ...headers },
      body: isPost ? form : null,
      redirect: 'manual',
      signal: AbortSignal.timeout(patience),
    })
    return readReply(answer.status, answer.headers, await answer.text())
  }
  const sign = (params: DrillParameters) => signAs(settings, params)
  return { ...settings, sign, send, call: (params, options) => send(sign(params), options) }
}

function signAs({ app, secret, scheme }: DrillSettings, params: DrillParameters): Record<string, string> {
  const signed: Record<string, string> = { client_type: app, ...params }
  if (scheme === 'legacy') return { ...signed, client_secret: signLegacy(signed, secret) }
  const timestamp = String(Math.floor(Date.now() / 1000))
  Object.assign(signed, { sign_method: scheme, timestamp, nonce: randomBytes(16).toString('hex') })
  return { ...signed, client_secret: signHmac(signed, secret) }
}

function readReply(status: number, headers: Headers, text: string): Reply {
  const envelope = parseObject(text)
  const code = typeof envelope['code'] === 'number' ? envelope['code'] : 0
  // The passport's success is code 200, that of the account methods status 200.
  const isAccepted = 'status' in envelope ? envelope['status'] === 200 : code === 200
  return { status, headers, text, code, data: envelope['data'], isAccepted }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
