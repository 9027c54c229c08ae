/** Choices that look random and are the same for the same seed. */
export interface Random {
  /** A whole number from 0 to below `end`. */
  below(end: number): number
  pick<T>(list: readonly T[]): T
  /** Some of the list, each at most once; all of a shorter one. */
  sample<T>(list: readonly T[], count: number): T[]
}

/** mulberry32 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const below = (end: number) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end)
  }
  const sample = <T>(list: readonly T[], count: number) =>
    list
      .map((item) => ({ item, order: below(2 ** 32) }))
      .sort((left, right) => left.order - right.order)
      .slice(0, count)
      .map(({ item }) => item)
  const pick = <T>(list: readonly T[]): T => {
    const chosen = list[below(list.length)]
    if (chosen === undefined) throw new Error('nothing to pick from')
    return chosen
  }
  return { below, pick, sample }
}
