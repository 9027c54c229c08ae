import * as fc from 'fast-check'
import type { Call } from './call.js'

/** A call as it is drawn: who and what are places among those that there are when it is made. */
export interface Wish {
  readonly kind: Call['kind']
  readonly node: number
  readonly address: number
  readonly code: 'newest' | 'former' | 'wrong'
  readonly person: number
  /** The user's newest session is 0. */
  readonly session: number
  readonly password: number
  readonly old: number
  readonly isDefault: boolean
}

export type Step =
  | {
      readonly kind: 'calls'
      /** All at once. */
      readonly wishes: readonly Wish[]
      /** The same calls are made on the next node too. */
      readonly areTwins: boolean
      /** Milliseconds after which the first call's node is killed; below 0 it is not. */
      readonly killAfter: number
    }
  | { readonly kind: 'pass'; readonly seconds: number }
  /** As long as an ended session may be believed in. */
  | { readonly kind: 'rest' }

export type History = readonly Step[]

/** How likely each call is. */
const weights: Readonly<Record<Call['kind'], number>> = {
  'send code': 9,
  'check code': 3,
  'sign in by code': 4,
  register: 3,
  'reset password': 3,
  'sign in': 5,
  'change password': 3,
  'set password': 1,
  bind: 4,
  unbind: 3,
  'check mobile': 3,
  'change mobile': 3,
  'verify e-mail': 3,
  'change e-mail': 4,
  look: 6,
  'log out': 2,
  'end others': 1,
  'list addresses': 4,
  'count unread': 4,
  'read all': 2,
  'add address': 4,
  'make default': 3,
  'remove address': 2,
  'send message': 5,
}

const kinds = Object.entries(weights).map(([kind, weight]) => ({
  weight,
  arbitrary: fc.constant(kind as Call['kind']),
}))

const wish: fc.Arbitrary<Wish> = fc.record({
  kind: fc.oneof(...kinds),
  node: fc.nat({ max: 2 }),
  address: fc.oneof(
    { weight: 3, arbitrary: fc.nat({ max: 1 }) },
    { weight: 2, arbitrary: fc.nat({ max: 4 }) },
  ),
  code: fc.oneof(
    { weight: 8, arbitrary: fc.constant('newest' as const) },
    { weight: 2, arbitrary: fc.constant('former' as const) },
    { weight: 2, arbitrary: fc.constant('wrong' as const) },
  ),
  person: fc.nat({ max: 2 }),
  session: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat({ max: 3 }) }),
  password: fc.nat({ max: 2 }),
  old: fc.nat({ max: 2 }),
  isDefault: fc.boolean(),
})

interface Likelihoods {
  /** Of a hundred steps with calls, how many kill a node. */
  readonly kills: number
  /** Of a thousand steps, how many are a rest. */
  readonly rests: number
}

/** Histories of at most `most` steps. */
export function drawHistory(most: number, { kills, rests }: Likelihoods): fc.Arbitrary<History> {
  const never = { weight: 100 - kills, arbitrary: fc.constant(-1) }
  const calls = fc.record({
    kind: fc.constant('calls' as const),
    wishes: fc.oneof(
      { weight: 6, arbitrary: fc.array(wish, { minLength: 1, maxLength: 1 }) },
      { weight: 2, arbitrary: fc.array(wish, { minLength: 2, maxLength: 2 }) },
      { weight: 1, arbitrary: fc.array(wish, { minLength: 3, maxLength: 3 }) },
    ),
    areTwins: fc.oneof(
      { weight: 9, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
    killAfter:
      kills > 0 ? fc.oneof(never, { weight: kills, arbitrary: fc.nat({ max: 12 }) }) : fc.constant(-1),
  })
  const pass = (seconds: number) => fc.constant({ kind: 'pass' as const, seconds })
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 1000 - rests, arbitrary: calls },
    { weight: 110, arbitrary: pass(61) },
    { weight: 12, arbitrary: pass(3601) },
    { weight: 4, arbitrary: pass(86_401) },
    { weight: rests, arbitrary: fc.constant({ kind: 'rest' as const }) },
  )
  return fc.array(step, { minLength: 1, maxLength: most, size: 'max' })
}
