import {
  type KeyHolderRow,
  type KeyUseRow,
  type KeyVariable,
  listHeldKeys,
  listKeyUses,
} from '../../../../db/key-holders.js'
import { fingerprintsOf } from '../../../../gateway/services/keys/fingerprint.js'
import { goneMilliseconds, nodesWithout } from '../../../../gateway/services/keys/writing-place.js'
import type { Services } from '../../../../gateway/services/services.js'
import { type KeyState, stateOf, type UsedKey } from './key-states.js'
import type { SealCount } from './sealed-values.js'

type KeyServices = Pick<Services, 'db' | 'clock' | 'config'>

/** One key, and what becomes of it. */
export interface DescribedKey extends UsedKey {
  readonly state: KeyState
  /** From when on it may be dropped (ms), where it waits for nothing else. */
  readonly dropAt: number | null
}

/** How long links, repeated calls and digests of codes live after the key was last written with. */
const dataKeyHours = 24
/** How long a page may stay open that was given a login key. */
const pageHours = 24
const hourMilliseconds = 3_600_000

/** Every key that is given here, that a running node has or that was ever written with. */
export async function describeKeys(
  { db, clock, config }: KeyServices,
  counts: readonly SealCount[],
): Promise<DescribedKey[]> {
  const now = clock.now()
  const holders = await listHeldKeys(db, now - goneMilliseconds)
  const uses = await listKeyUses(db)
  const own = fingerprintsOf(config)
  const describe = (variable: KeyVariable, hours: number, counts: readonly SealCount[]) => {
    const known = {
      variable,
      now,
      life: hours * hourMilliseconds,
      own: own[variable],
      holders: holders.filter((row) => row.variable === variable),
      uses: uses.filter((row) => row.variable === variable),
      counts,
    }
    const others = [...known.holders, ...known.uses].map(({ fingerprint }) => fingerprint)
    return [...new Set([...known.own, ...others])].map((fingerprint) => describeKey(fingerprint, known))
  }
  return [
    ...describe('DATA_KEY', dataKeyHours, counts),
    ...describe('JWT_SECRET', config.tokenHours, []),
    ...describe('LOGIN_KEY', pageHours, []),
  ]
}

/** What is known of the keys of one variable. */
interface Known {
  readonly variable: KeyVariable
  readonly now: number
  /** How long what was made under a key is good (ms). */
  readonly life: number
  readonly own: readonly string[]
  readonly holders: readonly KeyHolderRow[]
  readonly uses: readonly KeyUseRow[]
  readonly counts: readonly SealCount[]
}

function describeKey(fingerprint: string, known: Known): DescribedKey {
  const { variable, own, holders, uses, counts, now, life } = known
  const place = own.indexOf(fingerprint)
  const having = holders.filter((row) => row.fingerprint === fingerprint)
  const lastAt = uses.find((use) => use.fingerprint === fingerprint)?.last_at ?? null
  // One that was last written with before that was noted.
  const since = lastAt ?? Math.min(now, ...uses.map(({ first_at }) => first_at))
  const opened = counts.flatMap(({ column, byPlace }) => {
    const count = byPlace.get(place) ?? 0
    return count > 0 ? [[column, count] as const] : []
  })
  const key = {
    variable,
    fingerprint,
    place,
    writtenBy: having.filter(({ is_written }) => is_written === 1).map(({ node_name }) => node_name),
    heldBy: having.map(({ node_name }) => node_name),
    lackedBy: nodesWithout(holders, variable, fingerprint),
    lastAt,
    sealed: Object.fromEntries(opened),
  }
  const dropAt = since + life
  const state = stateOf(key, counts, { now, dropAt })
  return { ...key, state, dropAt: state === 'kept' ? dropAt : null }
}
