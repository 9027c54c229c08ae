import { hash, randomBytes } from 'node:crypto'
import {
  type ConsoleStage,
  deleteConsoleSession,
  findConsoleSession,
  insertConsoleSession,
  type OwnedConsoleSession,
  updateConsoleSession,
} from '../../../db/console-sessions.js'
import { type InTransaction, transaction } from '../../../db/transaction.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'

/** A session that nobody uses ends (ms): an open screen is not left to whoever comes by. */
export const idleMilliseconds = 30 * 60_000
/** A session ends in any case (ms): a working day, so that every day begins with a second factor. */
const longestMilliseconds = 12 * 3_600_000
/** How long a sign-in may take from the password to the second factor (ms). */
const signInMilliseconds = 10 * 60_000
/** The use of a session is written once in so many milliseconds, not with every call. */
const noticeMilliseconds = 60_000

/** Where a sign-in comes from. */
export interface ConsolePlace {
  readonly ip: string
  /** The browser's own name, cut; users tell their sessions apart by it. */
  readonly agent: string
}

/** A session as the database holds it, whose cookie a request has. */
export type ConsoleSession = OwnedConsoleSession

type SessionServices = Pick<Services, 'db' | 'clock'>

interface NewConsoleSession extends ConsolePlace {
  readonly userId: number
  /** The user's session_generation, as read before anything was proved. */
  readonly generation: number
  readonly stage: ConsoleStage
}

/** Starts a session and returns what its cookie holds, which is stored nowhere: the database has its digest. */
export async function startConsoleSession(
  { db, clock }: SessionServices,
  { userId, generation, stage, ip, agent }: NewConsoleSession,
): Promise<string> {
  const secret = randomBytes(32).toString('base64url')
  const now = clock.now()
  await insertConsoleSession(db, {
    session_id: idOf(secret),
    user_id: userId,
    generation,
    stage,
    challenge: '',
    created_at: now,
    seen_at: now,
    proved_at: stage === 'full' ? now : 0,
    expires_at: now + (stage === 'full' ? longestMilliseconds : signInMilliseconds),
    ip,
    agent: Array.from(agent).slice(0, 255).join(''),
  })
  return secret
}

/**
 * Puts a session that is further in place of one, under a new secret: one that somebody has planted or seen before is
 * worth nothing after. Throws LOGIN_REQUIRED when it is gone, as where a second call was faster.
 */
export async function advanceConsoleSession(
  services: InTransaction<SessionServices>,
  { session_id, user_id, generation, ip, agent }: ConsoleSession,
  stage: ConsoleStage,
): Promise<string> {
  if (!(await deleteConsoleSession(services.db, session_id))) throw new GatewayError('LOGIN_REQUIRED')
  return startConsoleSession(services, { userId: user_id, generation, stage, ip, agent })
}

/** The live session that a cookie's secret belongs to. */
export async function findSession(
  { db, clock }: SessionServices,
  secret: string | undefined,
): Promise<ConsoleSession | undefined> {
  if (secret === undefined || !/^[\w-]{43}$/.test(secret)) return undefined
  const session = await findConsoleSession(db, idOf(secret))
  const now = clock.now()
  const isLive = session && session.expires_at > now && now - session.seen_at < idleMilliseconds
  return isLive ? session : undefined
}

/** Notes that the user did something; what a page asks for by itself is no use of a session. */
export async function noteUse({ db, clock }: SessionServices, session: ConsoleSession): Promise<void> {
  const now = clock.now()
  if (now - session.seen_at < noticeMilliseconds) return
  await updateConsoleSession(db, session.session_id, { seen_at: now })
}

/** Ends a session. */
export async function endSession(
  services: Pick<Services, 'db'>,
  session: Pick<ConsoleSession, 'session_id'>,
): Promise<void> {
  await transaction(services, async ({ db }) => {
    await deleteConsoleSession(db, session.session_id)
  })
}

function idOf(secret: string): string {
  return hash('sha256', secret)
}
