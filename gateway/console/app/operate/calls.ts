import type { Contracts } from '../../../../schemas/contracts.js'
import { type Language, words } from '../words.js'

/** What each method answers, as its contract says it. */
export type Results = {
  readonly [Name in keyof Contracts]: Contracts[Name] extends { readonly result: infer Result }
    ? Result
    : null
}

/** One of the methods that the console may call, if the role includes it. */
export type MethodName = keyof Contracts

/** A call that was not answered with success. */
export class CallError extends Error {
  /** The error's name, as `PERMISSION_DENIED`; `UNREACHABLE` where nothing answered. */
  readonly error: string

  constructor(error: string, message: string) {
    super(message)
    this.name = 'CallError'
    this.error = error
  }
}

/** Why something failed, for whoever reads the page. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

interface CallOptions {
  /** Asked for by the page itself, as a plot that follows the time: it keeps no session alive. */
  readonly isBackground?: boolean
}

/** Events of the window by which a call reaches the page around it. */
export const signedOut = 'console-signed-out'
export const proofNeeded = 'console-proof-needed'

/** Who hears `proofNeeded` calls one of the two. */
export interface ProofRequest {
  readonly proved: () => void
  readonly givenUp: () => void
}

/**
 * Calls a method in the name of the administrator who is signed in, `manage.console.user.list`, and returns its data.
 * Where a proof is needed, the page asks its user and the call is repeated. Parameters that are objects or lists must be
 * texts already. Throws CallError with the server's text and the error's name.
 */
export async function call<Name extends MethodName>(
  name: Name,
  params: object = {},
  { isBackground = false }: CallOptions = {},
): Promise<Results[Name]> {
  const headers: Record<string, string> = isBackground ? { 'X-Console-Background': '1' } : {}
  try {
    return (await post(`/${name.replaceAll('.', '/')}`, params, headers)) as Results[Name]
  } catch (error) {
    if (error instanceof CallError && error.error === 'LOGIN_REQUIRED')
      window.dispatchEvent(new Event(signedOut))
    if (!(error instanceof CallError) || error.error !== 'PROOF_NEEDED') throw error
    await new Promise<void>((resolve, reject) => {
      const detail: ProofRequest = { proved: resolve, givenUp: () => reject(error) }
      window.dispatchEvent(new CustomEvent(proofNeeded, { detail }))
    })
    return call(name, params, { isBackground })
  }
}

/** How far signing in is, as the server says it. */
export interface SessionState {
  readonly stage: 'none' | 'factor' | 'ticket' | 'enrol' | 'full'
  readonly user?: {
    readonly user_id: number
    readonly user_account: string
    readonly user_nickname: string
    readonly user_role_name: string
  }
  readonly factors?: { readonly totp: boolean; readonly passkeys: boolean; readonly demanded: boolean }
  /** Names of the methods that the role includes. */
  readonly methods?: readonly string[]
}

/** Takes a step of signing in or out, `/session/password`, and returns where that led. Throws CallError. */
export async function callSession(path: string, params: object = {}): Promise<SessionState> {
  return (await post(path, params)) as SessionState
}

/** Posts to the console's own paths. Throws CallError. */
export async function post(
  path: string,
  params: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const response = await fetch(`console/api${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(params),
  }).catch(() => {
    throw new CallError('UNREACHABLE', words[language()].unreachable)
  })
  const envelope = (await response.json().catch(() => ({}))) as Partial<Envelope>
  if (envelope.status === 200) return envelope.data
  const detail = response.headers.get('X-Error-Detail')
  const text = language() === 'en' && detail !== null ? decodeURIComponent(detail) : envelope.msg
  throw new CallError(envelope.error ?? 'UNREACHABLE', text ?? `HTTP ${response.status}`)
}

/** The language that the page is shown in. */
function language(): Language {
  return document.documentElement.lang === 'en' ? 'en' : 'zh'
}

interface Envelope {
  readonly status: number
  readonly msg: string
  readonly data: unknown
  readonly error: string | null
}
