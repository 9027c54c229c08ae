import type { SignedIn } from './signed-in.js'

/** Who calls from the console, as its session says at this moment. */
export interface ConsoleCaller {
  /** `tokenId` is the session's id in the database, of which no cookie can be made. */
  readonly session: SignedIn
  /** Whether a second factor is still to be set up: nothing else is open until then. */
  readonly isEnrolling: boolean
  /** When the user last proved to be there (ms). */
  readonly provedAt: number
  /** The origin of the page, which passkeys are bound to: `https://passport.example.com`. */
  readonly origin: string
  /** Whether the administrator's role includes a method, by its path. */
  readonly includes: (method: string) => boolean
}

/** How long a proof opens what is grave (ms): time for a form, not for who finds an open screen. */
const proofMilliseconds = 5 * 60_000

/** Whether a proof is young enough; one of the future is as good as none. */
export function isProofFresh(provedAt: number, now: number): boolean {
  return Math.abs(now - provedAt) < proofMilliseconds
}
