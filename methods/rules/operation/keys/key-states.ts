import type { KeyVariable } from '../../../../db/key-holders.js'
import type { SealCount } from './sealed-values.js'

/**
 * What becomes of a key. `lacked`: nodes that run must be given it. `used`: it is written with. `waiting`: it is not yet.
 * `reseal`: values want sealing under another first. `kept`: what was made under it is good until `dropAt`. `free`: it may be
 * dropped. `elsewhere`: nodes have it and who asks has not. `lost`: nobody has it, and there are values that no key opens.
 * `gone`: nobody has it or misses it.
 */
export type KeyState =
  | 'lacked'
  | 'used'
  | 'waiting'
  | 'reseal'
  | 'kept'
  | 'free'
  | 'elsewhere'
  | 'lost'
  | 'gone'

/** One key, given here or known from elsewhere, and who uses it. */
export interface UsedKey {
  readonly variable: KeyVariable
  readonly fingerprint: string
  /** Its place in the list that is given here, from 0; -1 where it is not given. */
  readonly place: number
  /** Names of running nodes: that write with it, that have it and that do not. */
  readonly writtenBy: readonly string[]
  readonly heldBy: readonly string[]
  readonly lackedBy: readonly string[]
  /** When a node last wrote with it (ms); null: never since that is noted. */
  readonly lastAt: number | null
  /** How many sealed values it opens, by column; none are known of a key that is not given. */
  readonly sealed: Readonly<Record<string, number>>
}

/** `counts`: of all sealed values there are. `dropAt`: until when what was made under the key is good (ms). */
export function stateOf(
  key: UsedKey,
  counts: readonly SealCount[],
  { now, dropAt }: { readonly now: number; readonly dropAt: number },
): KeyState {
  if (key.place < 0) {
    if (key.heldBy.length > 0) return 'elsewhere'
    return counts.some(({ unreadable }) => unreadable > 0) ? 'lost' : 'gone'
  }
  const isKept = counts.some(({ column, isPassing }) => !isPassing && key.sealed[column])
  // An old key that nothing needs is lacked by nobody.
  if (key.lackedBy.length > 0 && (key.place === 0 || isKept || dropAt > now)) return 'lacked'
  if (key.writtenBy.length > 0) return 'used'
  if (key.place === 0) return 'waiting'
  if (isKept) return 'reseal'
  return dropAt > now ? 'kept' : 'free'
}
