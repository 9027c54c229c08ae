import { type ConsoleSession, endSession, findSession } from '../../../methods/rules/console/sessions.js'
import { callerOf } from '../../../methods/rules/console/session-callers.js'
import { findFactors } from '../../../methods/rules/console/factors.js'
import { describePasskeyProof } from '../../../methods/rules/console/passkey-proofs.js'
import { type FactorProof, proveAgain, type Proving } from '../../../methods/rules/console/proofs.js'
import {
  demandsFactor,
  enterTicket,
  finishEnrolment,
  signInByFactor,
  signInByPassword,
} from '../../../methods/rules/console/sign-ins.js'
import { audit } from '../../../methods/rules/audit.js'
import type { CompiledTable } from '../../contract/compile-table.js'
import type { Origin } from '../../contract/method.js'
import type { Answer, RequestHead } from '../../dialects/dialect.js'
import { jsonHeaders } from '../../dialects/json.js'
import { GatewayError } from '../../outcome/errors.js'
import { isOpenTo } from '../../steps/sign-in.js'
import { limitKey } from '../../services/limits/limit-key.js'
import type { Services } from '../../services/services.js'
import type { RawParameters } from '../../wire/query-string.js'
import { clearedCookie, writeCookie } from './cookies.js'

export type SignInAnswer = Pick<Answer, 'status' | 'headers' | 'body'>

/** A request about the session itself. */
export interface SignInRequest {
  readonly head: RequestHead
  readonly params: RawParameters
  readonly origin: string
  /** What the cookie holds. */
  readonly secret: string | undefined
}

/** A step of signing in or out: returns the secret of the session that is now, or undefined for none. */
type SignInStep = (visit: Visit, services: Services) => Promise<string | undefined>

interface Visit extends SignInRequest {
  readonly call: Origin
  readonly session: ConsoleSession | undefined
}

const steps: Readonly<Record<string, SignInStep>> = {
  '/session': ({ secret }) => Promise.resolve(secret),
  '/session/password': enterPassword,
  '/session/factor': (visit, services) => signInByFactor(services, provingBy(visit), proofOf(visit)),
  '/session/ticket': (visit, services) =>
    enterTicket(services, provingBy(visit), visit.params['ticket'] ?? ''),
  '/session/finish': (visit, services) => finishEnrolment(services, provingBy(visit)),
  '/session/end': leave,
  '/proof': prove,
}

/** Where the page asks for the challenge that a passkey is to answer. */
const passkeyPath = '/session/passkey'

/** Steps per address: people type, and programs guess. */
const limit = { name: 'console sign-in', by: 'ip', points: 120, seconds: 60 } as const

/** Answers the paths about the session itself, which hand out its cookie. Throws what a step throws. */
export function createSignIn(table: CompiledTable, services: Services) {
  return async (path: string, request: SignInRequest): Promise<SignInAnswer> => {
    const step = steps[path]
    if (!step && path !== passkeyPath) throw new GatewayError('METHOD_NOT_FOUND')
    const { ip } = request.head
    const retryAfter = services.limiter.exceeded(limit, limitKey(ip))
    if (retryAfter !== undefined) throw new GatewayError('TOO_MANY_REQUESTS', { retryAfter })
    const session = await findSession(services, request.secret)
    const call = { action: `console${path.replaceAll('/', '.')}`, app: undefined, session: undefined, ip }
    if (!step) return answerWith(await describePasskey(session, services, request.origin))
    const secret = await step({ ...request, session, call }, services)
    const now = secret === request.secret ? session : await findSession(services, secret)
    const cookie = cookieFor(request.secret, now && secret)
    return answerWith(await describeSession(table, now, services, request.origin), cookie)
  }
}

async function enterPassword({ params, call, head, session }: Visit, services: Services): Promise<string> {
  const { name = '', password = '' } = params
  if (name.length > 255) throw new GatewayError('PASSWORD_WRONG')
  const place = { ip: head.ip, agent: head.headers['user-agent'] ?? '' }
  const secret = await signInByPassword(services, { name, password }, { call, place })
  // Who signs in anew leaves what was before.
  if (session) await endSession(services, session)
  return secret
}

/** Who is to prove something. Throws LOGIN_REQUIRED where nobody has signed in as far as that. */
function provingBy({ session, origin, call }: Visit): Proving {
  if (!session) throw new GatewayError('LOGIN_REQUIRED')
  return { session, origin, call }
}

function proofOf({ params: { code, recovery, passkey } }: Visit): FactorProof {
  return { code, recovery, passkey }
}

async function prove(visit: Visit, services: Services): Promise<string | undefined> {
  const proving = provingBy(visit)
  if (proving.session.stage !== 'full') throw new GatewayError('LOGIN_REQUIRED')
  await proveAgain(services, proving, { ...proofOf(visit), password: visit.params['password'] })
  return visit.secret
}

async function leave({ session, call }: Visit, services: Services): Promise<undefined> {
  if (!session) return
  await endSession(services, session)
  await audit(services, call, { actorId: session.user_id, targetId: session.user_id })
}

/** What the page is told of a session: how far it is, whose, and what the role includes. */
async function describeSession(
  table: CompiledTable,
  session: ConsoleSession | undefined,
  services: Services,
  origin: string,
): Promise<unknown> {
  if (!session) return { stage: 'none' }
  const { stage, user_id, user_account, user_nickname, user_role_name } = session
  const { hasTotp, passkeys } = await findFactors(services, user_id)
  const { includes } = await callerOf(services, session, origin)
  const methods = [...table.ofConsole.values()]
    .filter((method) => isOpenTo(method, includes))
    .map(({ name }) => name)
  return {
    stage,
    user: { user_id, user_account, user_nickname: user_nickname ?? '', user_role_name },
    factors: { totp: hasTotp, passkeys: passkeys.length > 0, demanded: demandsFactor(services) },
    methods: stage === 'full' ? methods : [],
  }
}

/** The challenge for a passkey, of a sign-in or of a proof. Throws LOGIN_REQUIRED. */
async function describePasskey(session: ConsoleSession | undefined, services: Services, origin: string) {
  if (session?.stage !== 'factor' && session?.stage !== 'full') throw new GatewayError('LOGIN_REQUIRED')
  const { user_id: userId, session_id: sessionId } = session
  return { options: await describePasskeyProof(services, { userId, sessionId, origin }) }
}

function cookieFor(before: string | undefined, now: string | undefined): string | undefined {
  if (now === undefined) return before === undefined ? undefined : clearedCookie
  return now === before ? undefined : writeCookie(now)
}

function answerWith(data: unknown, cookie?: string): SignInAnswer {
  return {
    status: 200,
    headers: cookie === undefined ? jsonHeaders : [...jsonHeaders, 'Set-Cookie', cookie],
    body: JSON.stringify({ status: 200, code: 0, msg: '操作成功', data, error: null }),
  }
}
