import {
  clearLoginFailures,
  insertLoginFailures,
  lockLoginFailures,
  saveLoginFailures,
} from '../../../db/login-failures.js'
import { transaction } from '../../../db/transaction.js'
import { isWithinReach } from '../../../gateway/services/clock.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'

/** The wrong password that begins a pause of a second; each one more doubles it, up to fifteen minutes (account.md §7). */
const firstPausedFailure = 5
export const longestPause = 900
/** Milliseconds after which failures are forgotten. */
export const memory = 86_400_000

/** The kinds of names that a user signs in by. */
export const signInWays = ['mobile', 'email', 'account'] as const
export type SignInWay = (typeof signInWays)[number]

/**
 * Whose failures are counted: a user, by the id, where a back end asks; a name, as one kind of a user's names
 * (`10002/mobile`) or by its digest where nobody has it: a pause of one name tells nothing of another's owner; or one
 * way in to a user that strangers can't shut (`own:10002` for who is signed in, `10002/mobile|203.0.113.7` for an
 * address of former sign-ins).
 */
export type FailureSubject = number | string

/**
 * Counts a failure before the password is compared, so that parallel guesses never get more comparisons than
 * sequential ones; `forgiveFailures` takes it back after a success. Returns how many there are now. Throws
 * TOO_MANY_FAILURES during a pause.
 */
export async function countFailureAhead(
  services: Pick<Services, 'db' | 'clock'>,
  subject: FailureSubject,
): Promise<number> {
  const now = services.clock.now()
  const first = { subject: String(subject), failures: 1, blocked_until: 0, expires_at: now + memory }
  // Nearly everybody has no failures to add to: one statement instead of five.
  if (await insertLoginFailures(services.db, first)) return first.failures
  return transaction(services, async ({ db }) => {
    const row = await lockLoginFailures(db, first.subject)
    if (row.blocked_until > now && isWithinReach(row.blocked_until, now, longestPause * 1000)) {
      const retryAfter = Math.ceil((row.blocked_until - now) / 1000)
      throw new GatewayError('TOO_MANY_FAILURES', { retryAfter })
    }
    const isRemembered = row.expires_at > now && isWithinReach(row.expires_at, now, memory)
    const failures = (isRemembered ? row.failures : 0) + 1
    const pause =
      failures < firstPausedFailure ? 0 : Math.min(longestPause, 2 ** (failures - firstPausedFailure))
    await saveLoginFailures(db, {
      subject: row.subject,
      failures,
      // Not now: what another node has begun a moment before, or by a clock that is behind, would be in a pause.
      blocked_until: pause === 0 ? 0 : now + pause * 1000,
      expires_at: now + memory,
    })
    return failures
  })
}

/**
 * Takes back a failure counted ahead as number `counted`: the password was not compared after all. The pause it began
 * ends, but not one that another failure has begun since: overload must buy nobody more guesses.
 */
export async function takeBackFailure(
  services: Pick<Services, 'db'>,
  subject: FailureSubject,
  counted: number,
): Promise<void> {
  await transaction(services, async ({ db }) => {
    const row = await lockLoginFailures(db, String(subject))
    const ownPause = row.failures === counted ? { blocked_until: 0 } : {}
    await saveLoginFailures(db, { ...row, failures: Math.max(0, row.failures - 1), ...ownPause })
  })
}

/** Forgets the failures of a user by whatever name, after the user has proved to be there in another way. */
export async function forgiveUser(services: Pick<Services, 'db'>, userId: number): Promise<void> {
  for (const subject of [userId, ...signInWays.map((way) => `${userId}/${way}`)])
    await forgiveFailures(services, subject)
}

/** Forgets the failures of a subject, after a success. */
export async function forgiveFailures({ db }: Pick<Services, 'db'>, subject: FailureSubject): Promise<void> {
  await clearLoginFailures(db, String(subject))
}
