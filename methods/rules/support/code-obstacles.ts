import type { AddressKind } from '../../../db/address-owners.js'
import { triesPerCode } from '../limits/wrong-codes.js'
import type { AddressLimit } from './address-use.js'
import type { SignInState } from './sign-in-state.js'

/** Why a user can't sign in by a code for a while. */
export interface CodeObstacle {
  readonly kind: 'sends-spent' | 'tries-spent' | 'code-dead'
  readonly way: AddressKind
  /** How many were sent, or tried wrongly. */
  readonly count: number
  /** Milliseconds. */
  readonly until: number
}

/** Why no code can be sent to a user's number or address, or none that was sent can be used. */
export function findCodeObstacles({ limits, codes }: SignInState, kind: AddressKind): CodeObstacle[] {
  const spent = limits.filter((limit) => limit.kind === kind && limit.used >= limit.points)
  const live = codes.filter((code) => code.kind === kind)
  const isDead = live.length > 0 && live.every(({ wrongTries }) => wrongTries >= triesPerCode)
  const most = Math.max(0, ...live.map(({ wrongTries }) => wrongTries))
  return [
    // The gap between two codes is over in a minute, and the page shows it beside the others.
    ...lastOf(
      kind,
      'sends-spent',
      spent.filter(({ what }) => /^code-(hour|day)$/.test(what)),
    ),
    ...lastOf(
      kind,
      'tries-spent',
      spent.filter(({ what }) => what === 'tries'),
    ),
    ...(isDead
      ? [
          {
            kind: 'code-dead' as const,
            way: kind,
            count: most,
            until: Math.max(...live.map((code) => code.expiresAt)),
          },
        ]
      : []),
  ]
}

/** Of several that are used up the one that ends last. */
function lastOf(
  way: AddressKind,
  kind: CodeObstacle['kind'],
  limits: readonly AddressLimit[],
): CodeObstacle[] {
  const [last] = limits.toSorted((left, right) => right.resetsAt - left.resetsAt)
  return last ? [{ kind, way, count: last.used, until: last.resetsAt }] : []
}
