import { listLoginFailures } from '../../../db/login-failures.js'
import { isWithinReach } from '../../../gateway/services/clock.js'
import type { Services } from '../../../gateway/services/services.js'
import { longestPause, memory, type SignInWay, signInWays } from './login-failures.js'

/** Second factors of the console: at its door, and in a live session. */
const factorWays = ['factor', 'ownFactor'] as const

/** Wrong passwords that are remembered of a user. */
export interface CountedFailures {
  /** What of a user the name was; `id` where a back end asked, `own` where the user was signed in. */
  readonly way: SignInWay | (typeof factorWays)[number] | 'id' | 'own'
  /** The address of former sign-ins that is counted by itself; empty for all others. */
  readonly network: string
  readonly failures: number
  /** Milliseconds; 0 for no pause. */
  readonly pausedUntil: number
}

/** What counts against a user now, by whatever name and from wherever. */
export async function readFailures(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  userId: number,
): Promise<CountedFailures[]> {
  const now = clock.now()
  const rows = await listLoginFailures(db, userId, now)
  return rows
    .filter(({ expires_at, failures }) => failures > 0 && isWithinReach(expires_at, now, memory))
    .map(({ subject, failures, blocked_until }) => {
      const isPaused = blocked_until > now && isWithinReach(blocked_until, now, longestPause * 1000)
      return { ...readSubject(subject), failures, pausedUntil: isPaused ? blocked_until : 0 }
    })
}

function readSubject(subject: string): Pick<CountedFailures, 'way' | 'network'> {
  const [, name = '', network = ''] = /^\d+\/(\w+)(?:\|(.*))?$/s.exec(subject) ?? []
  const way = [...signInWays, ...factorWays].find((way) => way === name)
  return { way: way ?? (subject.startsWith('own:') ? 'own' : 'id'), network }
}
