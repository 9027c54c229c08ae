import type { Services } from '../../../gateway/services/services.js'
import { countryOf } from '../contacts/textable.js'
import { type CodeObstacle, findCodeObstacles } from './code-obstacles.js'
import type { SignInState } from './sign-in-state.js'

/** What may keep a user from signing in. */
type ObstacleKind =
  | 'locked'
  | 'no-way'
  | 'password-paused'
  | 'wrong-passwords'
  | 'no-password'
  | 'address-of-another'
  | 'address-unproved'
  | 'not-texted'
  | 'country-stopped'
  | CodeObstacle['kind']
  | 'address-blocked'

/** One reason why a user can't sign in, or not in one of the ways. */
export interface Obstacle {
  readonly kind: ObstacleKind
  /** Which way it shuts: `mobile`, `email`, `account`, `id`, `own`; empty for all. */
  readonly way: string
  /** How often, where something is counted. */
  readonly count: number
  /** Milliseconds; null where it does not end by itself. */
  readonly until: number | null
  /** A user who is in the way, or an address of the network; empty for none. */
  readonly detail: string
}

type Found = Pick<Obstacle, 'kind'> & Partial<Obstacle>

/** Why a user could not sign in, as far as the server knows, what weighs most first. `ips`: where refused tries came from. */
export function findObstacles(
  services: Pick<Services, 'config' | 'clock' | 'codeConversion' | 'ipBlocks'>,
  state: SignInState,
  ips: readonly string[],
): Obstacle[] {
  const found: Found[] = [
    ...ofAccount(state),
    ...ofPassword(state),
    ...state.addresses.flatMap(({ kind, ownerId, verifiedAt }): Found[] => {
      if (ownerId !== 0) return [{ kind: 'address-of-another', way: kind, detail: String(ownerId) }]
      return verifiedAt === null ? [{ kind: 'address-unproved', way: kind }] : []
    }),
    ...ofTexts(services, state),
    ...(['mobile', 'email'] as const).flatMap((kind) => findCodeObstacles(state, kind)),
    ...[...new Set(ips)]
      .filter((ip) => services.ipBlocks.isBlocked(ip))
      .map((ip): Found => ({ kind: 'address-blocked', detail: ip })),
  ]
  return found.map((obstacle) => ({ way: '', count: 0, until: null, detail: '', ...obstacle }))
}

function ofAccount({ userState, hasPassword, addresses, platforms }: SignInState): Found[] {
  const isProved = addresses.some(({ verifiedAt, ownerId }) => verifiedAt !== null && ownerId === 0)
  const isBound = platforms.some(({ way, isActive }) => way !== '' && isActive)
  return [
    ...(userState === 0 ? [{ kind: 'locked' as const }] : []),
    ...(hasPassword || isProved || isBound ? [] : [{ kind: 'no-way' as const }]),
  ]
}

function ofPassword({ failures, passwordKind }: SignInState): Found[] {
  const counted = failures.map(
    ({ way, network, failures: count, pausedUntil }): Found => ({
      kind: pausedUntil > 0 ? 'password-paused' : 'wrong-passwords',
      way,
      count,
      until: pausedUntil > 0 ? pausedUntil : null,
      detail: network,
    }),
  )
  const isNone = ['none', 'unknown'].includes(passwordKind)
  return [
    ...counted.toSorted((left, right) => (right.until ?? 0) - (left.until ?? 0)),
    ...(isNone ? [{ kind: 'no-password' as const }] : []),
  ]
}

function ofTexts(
  { config, codeConversion }: Pick<Services, 'config' | 'codeConversion'>,
  { addresses }: SignInState,
): Found[] {
  const mobile = addresses.find(({ kind }) => kind === 'mobile')
  if (!mobile) return []
  const country = countryOf(mobile.value)
  const isTexted =
    country !== undefined && (config.smsCountries === 'any' || config.smsCountries.includes(country))
  if (!isTexted) return [{ kind: 'not-texted', way: 'mobile', detail: country ?? '' }]
  return codeConversion.isStopped(country)
    ? [{ kind: 'country-stopped', way: 'mobile', detail: country }]
    : []
}
